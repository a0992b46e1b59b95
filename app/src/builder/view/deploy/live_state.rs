//! The state of a running service, shown on its node and in the list.

use leptos::prelude::*;

use crate::{builder::state::session::use_session, deployment::ServiceStatus};

/// Shown only while a deployment is shown.
#[component]
pub fn LiveLine(name: String, class: &'static str) -> impl IntoView {
    let live = use_session().operation.live;
    move || {
        live.get().map(|live| {
            let testid = format!("live-{name}");
            view! {
                <span class=class data-testid=testid>
                    <ServiceStatus live name=name.clone() />
                </span>
            }
        })
    }
}
