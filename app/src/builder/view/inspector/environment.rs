//! The inspector's table of environment variables: one row for each variable, and an empty last row for a new one.

use domain::{compose::Service, stack::Edit};
use leptos::{
    ev::{ClipboardEvent, FocusEvent, KeyboardEvent},
    prelude::*,
};

use super::{
    live_field::{Typing, Verdict},
    row::{Cell, NewCell, RemoveRow, RowError, leaves_row, pasted_lines},
};
use crate::builder::{
    model::{paste, validate},
    state::{
        notices::Spot,
        session::{Session, use_session},
    },
};

#[component]
pub fn Environment(name: String, service: Memo<Option<Service>>) -> impl IntoView {
    let session = use_session();
    let keys = Memo::new(move |_| {
        service.with(|service| {
            let mut keys: Vec<String> = Vec::new();
            for variable in service.iter().flat_map(|service| &service.environment) {
                if !keys.contains(&variable.key) {
                    keys.push(variable.key.clone());
                }
            }
            keys
        })
    });
    let files = Memo::new(move |_| {
        service.with(|service| {
            service
                .iter()
                .flat_map(|service| &service.env_files)
                .map(|file| file.value.clone())
                .collect::<Vec<_>>()
                .join(", ")
        })
    });
    let of_paste = name.clone();
    let paste = move |event: ClipboardEvent| {
        let Some(text) = pasted_lines(&event) else { return };
        let edits = set_all(&of_paste, &text);
        if !edits.is_empty() {
            event.prevent_default();
            session.edit(Spot::Inspector, &edits);
        }
    };
    let of_rows = name.clone();
    view! {
        <div class="rows" on:paste=paste>
            <div class="rows-head env-row" aria-hidden="true">
                <span>"Variable"</span>
                <span>"Value"</span>
            </div>
            <For each=move || keys.get() key=Clone::clone let:key>
                <VariableRow name=of_rows.clone() key service />
            </For>
            <NewVariable name />
            <p class="text-caption text-muted">"Paste several lines of KEY=value to add them all."</p>
            {move || {
                files
                    .with(|files| !files.is_empty())
                    .then(|| {
                        view! {
                            <p class="text-caption text-muted">
                                "More comes from " <span class="font-mono">{files.get()}</span>
                            </p>
                        }
                    })
            }}
        </div>
    }
}

fn set_all(service: &str, text: &str) -> Vec<Edit> {
    paste::variables(text)
        .into_iter()
        .map(|(key, value)| Edit::SetEnvironment { service: service.to_owned(), key, value })
        .collect()
}

#[component]
fn VariableRow(name: String, key: String, service: Memo<Option<Service>>) -> impl IntoView {
    let session = use_session();
    let variable = {
        let key = key.clone();
        move || service.with(|service| service.as_ref().and_then(|service| service.variable(&key).cloned()))
    };
    let value = {
        let variable = variable.clone();
        Signal::derive(move || variable().and_then(|variable| variable.value).unwrap_or_default())
    };
    let passed_through = untrack(|| variable().is_some_and(|variable| variable.value.is_none()));
    let (error, key_error) = (RwSignal::new(None), RwSignal::new(None));
    let (old, service_name) = (key.clone(), name.clone());
    let rename = move |to: String| -> Verdict {
        let edit = Edit::RenameEnvironment { service: service_name.clone(), key: old.clone(), to };
        session.type_in("variable-name", &[edit])
    };
    let own = key.clone();
    let check = move |new: String| -> Verdict {
        validate::variable_key(&new)?;
        let taken = new != own
            && service.with_untracked(|service| {
                service.as_ref().is_some_and(|service| service.variable(&new).is_some())
            });
        if taken { Err(format!("There is a variable `{new}` already.")) } else { Ok(()) }
    };
    let (of_value, service_name) = (key.clone(), name.clone());
    let set = move |value: String| {
        let field = format!("variable-{of_value}");
        session.type_in(
            &field,
            &[Edit::SetEnvironment {
                service: service_name.clone(),
                key: of_value.clone(),
                value: Some(value),
            }],
        )
    };
    let removed = key.clone();
    let remove = move |()| {
        session.edit(
            Spot::Inspector,
            &[Edit::RemoveEnvironment { service: name.clone(), key: removed.clone() }],
        );
    };
    view! {
        <div class="row">
            <div class="env-row">
                <Cell
                    testid=format!("env-key-{key}")
                    label="Variable"
                    typing=Typing::new(Signal::stored(key.clone()), rename).checked_by(check).on_leaving()
                    error=key_error
                />
                <Cell
                    testid=format!("env-value-{key}")
                    label=format!("Value of {key}")
                    typing=Typing::new(value, set)
                    placeholder=if passed_through { "from outside" } else { "" }
                    error
                />
                <RemoveRow testid=format!("env-remove-{key}") label=format!("Remove {key}") on_remove=Callback::new(remove) />
            </div>
            <RowError error=Signal::derive(move || key_error.get().or_else(|| error.get())) />
        </div>
    }
}

#[component]
fn NewVariable(name: String) -> impl IntoView {
    let session: Session = use_session();
    let (key, value) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let error = RwSignal::new(None::<String>);
    let add = move || {
        let (new, text) = (key.get_untracked().trim().to_owned(), value.get_untracked());
        if new.is_empty() {
            error.set((!text.is_empty()).then(|| "A variable needs a name.".to_owned()));
            return;
        }
        // The user may have typed all of `KEY=value` into the first field.
        let (new, text) = match new.split_once('=') {
            Some((new, rest)) if text.is_empty() => (new.to_owned(), rest.to_owned()),
            _ => (new, text),
        };
        let done = validate::variable_key(&new).and_then(|()| {
            session.type_in(
                "new-variable",
                &[Edit::SetEnvironment { service: name.clone(), key: new, value: Some(text) }],
            )
        });
        session.document.settle();
        error.set(done.clone().err());
        if done.is_ok() {
            key.set(String::new());
            value.set(String::new());
        }
    };
    let on_leave = add.clone();
    view! {
        <div
            class="row"
            on:focusout=move |event: FocusEvent| {
                if leaves_row(&event) {
                    on_leave();
                }
            }
            on:keydown=move |event: KeyboardEvent| {
                if event.key() == "Enter" {
                    add();
                }
            }
        >
            <div class="env-row">
                <NewCell testid="env-new-key" label="New variable" text=key placeholder="KEY" />
                <NewCell testid="env-new-value" label="Value of the new variable" text=value placeholder="value" />
                <span></span>
            </div>
            <RowError error />
        </div>
    }
}
