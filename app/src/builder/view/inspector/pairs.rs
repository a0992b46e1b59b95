//! The inspector's tables of names and values: environment variables and labels.

use domain::{
    compose::{Service, Variable},
    stack::{Edit, Stack},
};
use leptos::prelude::*;

use super::{
    live_field::{Typing, Verdict},
    row::{Cell, NewField, NewRow, Row, Rows, first_error},
};
use crate::builder::{
    model::{labels, paste, validate},
    state::{notices::Spot, session::use_session},
};

/// What differs between the two tables.
#[derive(Clone, Copy)]
struct Kind {
    /// "variable", "label"
    word: &'static str,
    /// Begins the test ids.
    prefix: &'static str,
    head: &'static [&'static str],
    new: [NewField; 2],
    entries: fn(&Service) -> &[Variable],
    check_key: fn(&str) -> Verdict,
    set: fn(&Stack, &str, &str, Option<&str>) -> Vec<Edit>,
    rename: fn(&Stack, &str, &str, &str, &str) -> Vec<Edit>,
    remove: fn(&Stack, &str, &str) -> Vec<Edit>,
}

const ENVIRONMENT: Kind = Kind {
    word: "variable",
    prefix: "env",
    head: &["Variable", "Value"],
    new: [
        NewField { testid: "env-new-key", label: "New variable", placeholder: "KEY" },
        NewField { testid: "env-new-value", label: "Value of the new variable", placeholder: "value" },
    ],
    entries: |service| &service.environment,
    check_key: validate::variable_key,
    set: |_, service, key, value| {
        let (service, key, value) = (service.to_owned(), key.to_owned(), value.map(str::to_owned));
        vec![Edit::SetEnvironment { service, key, value }]
    },
    rename: |_, service, key, to, _| {
        let (service, key, to) = (service.to_owned(), key.to_owned(), to.to_owned());
        vec![Edit::RenameEnvironment { service, key, to }]
    },
    remove: |_, service, key| {
        vec![Edit::RemoveEnvironment { service: service.to_owned(), key: key.to_owned() }]
    },
};

const LABELS: Kind = Kind {
    word: "label",
    prefix: "label",
    head: &["Label", "Value"],
    new: [
        NewField { testid: "label-new-key", label: "New label", placeholder: "team" },
        NewField { testid: "label-new-value", label: "Value of the new label", placeholder: "value" },
    ],
    entries: |service| &service.labels,
    check_key: validate::label_key,
    set: |stack, service, key, value| labels::set(stack, service, key, value.unwrap_or_default()),
    rename: labels::rename,
    remove: labels::remove,
};

#[component]
pub fn Environment(name: String, service: Memo<Option<Service>>) -> impl IntoView {
    let files = Memo::new(move |_| {
        service.with(|service| {
            let files = service.iter().flat_map(|service| &service.env_files);
            files.map(|file| file.value.clone()).collect::<Vec<_>>().join(", ")
        })
    });
    view! {
        <Pairs kind=ENVIRONMENT name service />
        <p class="pt-1 text-caption text-muted">"Paste several lines of KEY=value to add them all."</p>
        {move || {
            files
                .with(|files| !files.is_empty())
                .then(|| {
                    view! {
                        <p class="text-caption text-muted">
                            "More variables come from " <span class="font-mono wrap-anywhere">{files.get()}</span> "."
                        </p>
                    }
                })
        }}
    }
}

#[component]
pub fn Labels(name: String, service: Memo<Option<Service>>) -> impl IntoView {
    view! {
        <Pairs kind=LABELS name service />
        <p class="pt-1 text-caption text-muted">
            "Labels are notes that other programs read, for example a proxy that finds its services by them. Paste several lines of key=value to add them all."
        </p>
    }
}

#[component]
fn Pairs(kind: Kind, name: String, service: Memo<Option<Service>>) -> impl IntoView {
    let session = use_session();
    let keys = Memo::new(move |_| {
        service.with(|service| {
            let mut keys: Vec<String> = Vec::new();
            for entry in service.as_ref().map(kind.entries).unwrap_or_default() {
                if !keys.contains(&entry.key) {
                    keys.push(entry.key.clone());
                }
            }
            keys
        })
    });
    let own = StoredValue::new(name);
    let pasted = move |text: String| {
        let stack = session.document.stack();
        let mut edits = Vec::new();
        for (key, value) in paste::variables(&text) {
            // In a list, each edit has to know the length after the one before.
            let Ok(so_far) = stack.apply_all(&edits) else { break };
            edits.extend((kind.set)(&so_far, &own.get_value(), &key, value.as_deref()));
        }
        edits
    };
    let add = move |(key, value): (String, String)| -> Verdict {
        let key = key.trim().to_owned();
        // The user may have typed all of `KEY=value` into the first field.
        let (key, value) = match key.split_once('=') {
            Some((key, rest)) if value.is_empty() => (key.to_owned(), rest.to_owned()),
            _ => (key, value),
        };
        (kind.check_key)(&key)?;
        let edits = (kind.set)(&session.document.stack(), &own.get_value(), &key, Some(&value));
        session.type_in(kind.new[0].testid, &edits)
    };
    view! {
        <Rows class="pair-row" head=kind.head pasted>
            <For each=move || keys.get() key=Clone::clone let:key>
                <PairRow kind name=own.get_value() key service />
            </For>
            <NewRow class="pair-row" fields=kind.new add />
        </Rows>
    }
}

#[component]
fn PairRow(kind: Kind, name: String, key: String, service: Memo<Option<Service>>) -> impl IntoView {
    let session = use_session();
    let (name, own) = (StoredValue::new(name), StoredValue::new(key.clone()));
    let entry = move || {
        service.with(|service| {
            let entries = service.as_ref().map(kind.entries).unwrap_or_default();
            own.with_value(|own| entries.iter().find(|entry| entry.key == *own).cloned())
        })
    };
    let value = Signal::derive(move || entry().and_then(|entry| entry.value).unwrap_or_default());
    let is_from_outside = untrack(|| entry().is_some_and(|entry| entry.value.is_none()));
    let errors = [RwSignal::new(None), RwSignal::new(None)];
    let check = move |new: String| -> Verdict {
        (kind.check_key)(&new)?;
        let is_taken = own.with_value(|own| new != *own)
            && service.with_untracked(|service| {
                let entries = service.as_ref().map(kind.entries).unwrap_or_default();
                entries.iter().any(|entry| entry.key == new)
            });
        if is_taken { Err(format!("There is already a {} `{new}`.", kind.word)) } else { Ok(()) }
    };
    let rename = move |to: String| -> Verdict {
        let stack = session.document.stack();
        let edits = (kind.rename)(&stack, &name.get_value(), &own.get_value(), &to, &value.get_untracked());
        session.type_in("pair-name", &edits)
    };
    let set = move |text: String| -> Verdict {
        let stack = session.document.stack();
        let edits = (kind.set)(&stack, &name.get_value(), &own.get_value(), Some(&text));
        session.type_in(&format!("{}-{}", kind.prefix, own.get_value()), &edits)
    };
    let remove = move |()| {
        let edits = (kind.remove)(&session.document.stack(), &name.get_value(), &own.get_value());
        session.edit(Spot::Inspector, &edits);
    };
    let prefix = kind.prefix;
    view! {
        <Row
            class="pair-row"
            error=first_error(errors)
            remove=(format!("{prefix}-remove-{key}"), format!("Remove {key}"))
            on_remove=remove
        >
            <Cell
                testid=format!("{prefix}-key-{key}")
                label=kind.head[0]
                typing=Typing::new(Signal::stored(key.clone()), rename).checked_by(check).on_leaving()
                error=errors[0]
            />
            <Cell
                testid=format!("{prefix}-value-{key}")
                label=format!("Value of {key}")
                typing=Typing::new(value, set)
                placeholder=if is_from_outside { "set outside this file" } else { "" }
                error=errors[1]
            />
        </Row>
    }
}
