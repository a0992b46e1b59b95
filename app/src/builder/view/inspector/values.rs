//! The values of the file's variables: which have one, a field to type another, a button to remove it. They are kept beside the
//! file (`.env`), and a stored value is never sent to the browser.

use std::collections::BTreeSet;

use domain::{
    compose::variables::Fallback,
    stack::{Edit, SecretText},
};
use leptos::{ev::KeyboardEvent, prelude::*};

use super::row::RemoveRow;
use crate::{
    builder::{
        state::{notices::Spot, session::use_session},
        view::notices::RefusalAt,
    },
    components::CONTROL,
};

#[component]
pub fn ValuesOfStack() -> impl IntoView {
    let session = use_session();
    // Variables without a value and without a default, and all that have a value.
    let names = Memo::new(move |_| {
        session.document.read(|stack| {
            let needed = stack
                .model()
                .variables
                .iter()
                .filter(|variable| matches!(variable.fallback, Fallback::None | Fallback::Required(_)));
            let needed = needed.map(|variable| variable.name.clone());
            needed.chain(stack.values().names().map(str::to_owned)).collect::<BTreeSet<_>>()
        })
    });
    view! {
        {move || {
            names
                .with(|names| !names.is_empty())
                .then(|| {
                    view! {
                        <section class="flex flex-col gap-2" data-testid="values">
                            <h3 class="font-semibold">"Values"</h3>
                            <RefusalAt spot=Spot::Values />
                            <p class="text-caption text-muted">
                                "What the file reads as ${NAME}. Kept sealed with the project, in .env when you download, and sent along when you deploy."
                            </p>
                            <div class="rows">
                                <For each=move || names.get() key=Clone::clone let:name>
                                    <ValueRow name />
                                </For>
                            </div>
                        </section>
                    }
                })
        }}
    }
}

#[component]
fn ValueRow(name: String) -> impl IntoView {
    let session = use_session();
    let has_value = {
        let name = name.clone();
        Memo::new(move |_| session.document.read(|stack| stack.values().has(&name)))
    };
    let state = move || if has_value.get() { "has a value" } else { "not set" };
    let typed = RwSignal::new(String::new());
    let set = {
        let name = name.clone();
        move || {
            let text = typed.get_untracked();
            if text.is_empty() {
                return;
            }
            let edit = Edit::SetValue { name: name.clone(), value: SecretText::new(text) };
            if session.edit(Spot::Values, &[edit]) {
                typed.set(String::new());
            }
        }
    };
    let removed = name.clone();
    let remove = move |()| {
        session.edit(Spot::Values, &[Edit::RemoveValue { name: removed.clone() }]);
    };
    let on_leave = set.clone();
    let field = session.can_edit().then(|| {
        view! {
            <input
                type="password"
                class=format!("{CONTROL} font-mono text-body")
                data-testid=format!("value-{name}")
                aria-label=format!("Value of {name}")
                autocomplete="new-password"
                spellcheck="false"
                placeholder=state
                prop:value=move || typed.get()
                on:input=move |event| typed.set(event_target_value(&event))
                on:change=move |_| on_leave()
                on:keydown=move |event: KeyboardEvent| {
                    if event.key() == "Enter" {
                        set();
                    }
                }
            />
        }
    });
    let label = format!("Remove the value of {name}");
    let testid = format!("value-remove-{name}");
    let title = name.clone();
    view! {
        <div class="row">
            <div class="env-row">
                <span class="min-w-0 self-center truncate font-mono" title=title>
                    {name}
                </span>
                {match field {
                    Some(field) => field.into_any(),
                    None => view! { <span class="text-muted">{state}</span> }.into_any(),
                }}
                {move || {
                    (session.can_edit() && has_value.get())
                        .then(|| view! { <RemoveRow testid=testid.clone() label=label.clone() on_remove=Callback::new(remove.clone()) /> })
                }}
            </div>
        </div>
    }
}
