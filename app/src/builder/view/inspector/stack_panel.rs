//! The panel of the whole stack, shown when nothing is selected.

use leptos::prelude::*;

use super::values::ValuesOfStack;
use crate::builder::state::session::use_session;

#[component]
pub fn StackPanel() -> impl IntoView {
    let session = use_session();
    let counts = Memo::new(move |_| {
        session.document.read(|stack| {
            let model = stack.model();
            [
                (model.services.len(), "service", "services"),
                (model.networks.len(), "network", "networks"),
                (model.volumes.len(), "volume", "volumes"),
            ]
        })
    });
    let summary = move || {
        counts
            .get()
            .into_iter()
            .filter(|(count, ..)| *count > 0)
            .map(|(count, one, many)| format!("{count} {}", if count == 1 { one } else { many }))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let empty = move || session.document.picture.with(|picture| picture.nodes.is_empty());
    view! {
        <div class="inspector-head">
            <h2 class="text-lead font-semibold">"Stack"</h2>
        </div>
        <div class="inspector-body flex flex-col gap-4">
            <p class="text-muted">
                {move || if empty() { "This stack is empty.".to_owned() } else { summary() }}
            </p>
            <ValuesOfStack />
            <p class="text-caption text-muted">
                "Select a service to change it. To connect two services, drag the dot at the right edge of one to the service that it needs."
            </p>
        </div>
    }
}
