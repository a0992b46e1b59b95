//! The selected service while a deployment is shown: its state, its actions and its logs.

use leptos::prelude::*;

use crate::{
    builder::state::session::use_session,
    components::{Callout, MarkedText, Tone},
    deployment::{Logs, ServiceControls, ServiceStatus, live::Live},
};

/// The part of the inspector between the name and the settings of a service.
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
            {move || refusal.get().map(|why| view! { <Callout tone=Tone::Error title="Nothing was done"><MarkedText text=why /></Callout> })}
        </div>
    }
}

/// The logs below the canvas, until they are closed.
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
