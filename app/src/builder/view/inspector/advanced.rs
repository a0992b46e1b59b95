//! Every key of a service as it is written, including those without a form. Read-only: they are edited in the compose file.

use domain::stack::Edit;
use leptos::prelude::*;

use super::row::RemoveRow;
use crate::builder::state::{notices::Spot, session::use_session};

#[component]
pub fn Advanced(name: String) -> impl IntoView {
    let session = use_session();
    let name = StoredValue::new(name);
    let keys = Memo::new(move |_| {
        session.document.read(|stack| {
            let path = ["services".to_owned(), name.get_value()];
            let entries = stack.model().root.at(&path).map(|node| node.entries()).unwrap_or_default();
            entries
                .iter()
                .map(|entry| {
                    (entry.key.clone(), shortened(&entry.value.to_json().to_string()), entry.key_place)
                })
                .collect::<Vec<_>>()
        })
    });
    view! {
        <div class="flex flex-col gap-2">
            <p class="text-caption text-muted">
                "Everything the compose file says about this service. Keys without a form are safe; change them in the text."
            </p>
            <ul class="flex flex-col">
                <For each=move || keys.get() key=|(key, value, place)| (key.clone(), value.clone(), *place) let:entry>
                    {
                        let (key, value, place) = entry;
                        let removed = key.clone();
                        view! {
                            <li class="raw-key">
                                <button
                                    type="button"
                                    class="raw-key-jump"
                                    data-testid=format!("raw-key-{key}")
                                    title="Show it in the compose file"
                                    on:click=move |_| session.panels.edit_text_at(place)
                                >
                                    <span class="block font-mono">{key.clone()}</span>
                                    <span class="block truncate font-mono text-caption text-muted">{value}</span>
                                </button>
                                <RemoveRow
                                    testid=format!("raw-key-{key}-remove")
                                    label=format!("Remove {key}")
                                    on_remove=Callback::new(move |()| {
                                        let path = vec!["services".to_owned(), name.get_value(), removed.clone()];
                                        session.edit(Spot::Inspector, &[Edit::RemoveKey { path }]);
                                    })
                                />
                            </li>
                        }
                    }
                </For>
            </ul>
        </div>
    }
}

fn shortened(text: &str) -> String {
    const LONGEST: usize = 120;
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
