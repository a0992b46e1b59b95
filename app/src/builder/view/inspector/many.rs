//! The panel shown when several services are selected.

use leptos::prelude::*;

use crate::{
    builder::state::{actions, notices::Spot, session::use_session},
    components::{Button, Look},
};

#[component]
pub fn ManyPanel(services: Vec<String>) -> impl IntoView {
    let session = use_session();
    let removed = services.clone();
    view! {
        <div class="inspector-head">
            <h2 class="text-lead font-semibold">{format!("{} services", services.len())}</h2>
        </div>
        <div class="inspector-body flex flex-col gap-3">
            <ul class="font-mono">
                {services
                    .into_iter()
                    .map(|service| {
                        let only = service.clone();
                        view! {
                            <li>
                                <button type="button" class="text-left underline" on:click=move |_| session.select_service(&only)>
                                    {service}
                                </button>
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
            <p class="text-caption text-muted">"Drag one of them to move them all, or use the arrow keys."</p>
            <div>
                <Button
                    look=Look::Plain
                    attr:data-testid="inspector-remove-all"
                    on:click=move |_| actions::remove_services(session, Spot::Inspector, removed.clone())
                >
                    "Remove these services"
                </Button>
            </div>
        </div>
    }
}
