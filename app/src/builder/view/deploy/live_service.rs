//! While what runs is looked at: how the selected service is and what can be done with it, and what it writes.

use leptos::prelude::*;

use crate::{
    builder::state::session::use_session,
    components::{Callout, Tone},
    deployment::{Logs, ServiceControls, ServiceStatus, live::Live},
};

/// Between the name and the settings of a service in the inspector.
#[component]
pub fn LiveService(name: String) -> impl IntoView {
    let live = use_session().operation.live;
    move || live.get().map(|live| view! { <Controls live name=name.clone() /> })
}

#[component]
fn Controls(live: RwSignal<Live>, name: String) -> impl IntoView {
    let logs_of = use_session().operation.logs_of;
    let refusal = RwSignal::new(None::<String>);
    view! {
        <div class="inspector-live" data-testid="inspector-live">
            <ServiceStatus live name=name.clone() />
            <span class="ml-auto flex items-center">
                <ServiceControls live name logs_of refusal />
            </span>
            {move || refusal.get().map(|why| view! { <Callout tone=Tone::Error title="Nothing was done">{why}</Callout> })}
        </div>
    }
}

/// Below the canvas, until it is closed.
#[component]
pub fn LiveLogs() -> impl IntoView {
    let operation = use_session().operation;
    move || {
        operation.live.get().map(|live| {
            view! {
                <div class="builder-logs">
                    <Logs live logs_of=operation.logs_of />
                </div>
            }
        })
    }
}
