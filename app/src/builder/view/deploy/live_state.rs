//! How a service is, at its node and in the list.

use leptos::prelude::*;

use crate::{builder::state::session::use_session, deployment::ServiceStatus};

/// Only while what runs is looked at.
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
