//! Every key of a service as it is written, including those without a form. Each can be changed, removed or added here.

use domain::{compose::service_keys, stack::Edit};
use leptos::prelude::*;

use super::{
    live_field::{Typing, Verdict},
    row::{Cell, NewField, NewRow, Row, Rows},
};
use crate::builder::{
    model::any_key,
    state::{notices::Spot, session::use_session},
};

#[component]
pub fn Advanced(name: String) -> impl IntoView {
    let session = use_session();
    let name = StoredValue::new(name);
    let keys = Memo::new(move |_| {
        session.document.read(|stack| {
            let path = ["services".to_owned(), name.get_value()];
            let entries = stack.model().root.at(&path).map(|node| node.entries()).unwrap_or_default();
            entries.iter().map(|entry| entry.key.clone()).collect::<Vec<_>>()
        })
    });
    let add = move |(key, value): (String, String)| -> Verdict {
        let key = key.trim().trim_end_matches(':').to_owned();
        if key.is_empty() {
            return Err("Write the name of the key first.".to_owned());
        }
        if keys.with_untracked(|keys| keys.contains(&key)) {
            return Err(format!("`{key}` is in the list above: change it there."));
        }
        if !key.starts_with("x-") && !service_keys().any(|known| known == key) {
            return Err(match likely(&key) {
                Some(meant) => format!("Compose knows no key `{key}`. Did you mean `{meant}`?"),
                None => format!("Compose knows no key `{key}`. Keys of your own begin with `x-`."),
            });
        }
        let path = vec!["services".to_owned(), name.get_value(), key];
        session.type_in("new-key", &[Edit::SetKey { path, value: any_key::value_of(&value)? }])
    };
    view! {
        <p class="pb-2 text-caption text-muted">
            "Everything that the compose file says about this service, in YAML. Shift+Enter begins a new line in a value."
        </p>
        <Rows class="key-row" head=&["Key and value"]>
            <For each=move || keys.get() key=Clone::clone let:key>
                <KeyRow service=name.get_value() key />
            </For>
            <NewRow class="key-row" fields=NEW_KEY add />
        </Rows>
    }
}

const NEW_KEY: [NewField; 2] = [
    NewField { testid: "raw-key-new", label: "New key", placeholder: "shm_size" },
    NewField { testid: "raw-key-new-value", label: "Value of the new key", placeholder: "1g" },
];

/// The known key that begins like this one.
fn likely(key: &str) -> Option<&'static str> {
    let start = key.get(..4).unwrap_or(key).to_lowercase();
    service_keys().find(|known| known.starts_with(&start))
}

#[component]
fn KeyRow(service: String, key: String) -> impl IntoView {
    let session = use_session();
    let path = StoredValue::new(vec!["services".to_owned(), service, key.clone()]);
    let value = Signal::derive(move || {
        session.document.read(|stack| path.with_value(|path| any_key::text_of(stack, path)))
    });
    let write = move |text: String| -> Verdict {
        let new = any_key::value_of(&text)?;
        let stack = session.document.stack();
        let edits = path.with_value(|path| {
            let old = stack.model().root.at(path).map(|node| node.to_json()).unwrap_or_default();
            any_key::edits_between(path, &old, &new)
        });
        let done = session.type_in("any-key", &edits);
        session.document.settle();
        done
    };
    let show = move |_| {
        let stack = session.document.stack();
        let place = path.with_value(|path| {
            let (key, service) = path.split_last()?;
            Some(stack.model().root.at(service)?.entry(key)?.key_place)
        });
        if let Some(place) = place {
            session.panels.edit_text_at(place);
        }
    };
    let remove = move |()| {
        session.edit(Spot::Inspector, &[Edit::RemoveKey { path: path.get_value() }]);
    };
    let error = RwSignal::new(None);
    view! {
        <Row
            class="key-row"
            error
            remove=(format!("raw-key-{key}-remove"), format!("Remove {key}"))
            on_remove=remove
        >
            <button
                type="button"
                class="raw-key-jump"
                data-testid=format!("raw-key-{key}")
                title="Show it in the compose file"
                on:click=show
            >
                {key.clone()}
            </button>
            <Cell
                testid=format!("raw-key-{key}-value")
                label=format!("Value of {key}")
                typing=Typing::new(value, write).checked_by(|text| any_key::value_of(&text).map(drop)).on_leaving()
                error
            />
        </Row>
    }
}

#[cfg(test)]
mod tests {
    use super::likely;

    #[test]
    fn a_mistyped_key_finds_the_one_that_begins_like_it() {
        assert_eq!(likely("priviledged"), Some("privileged"));
        assert_eq!(likely("x"), None);
        assert_eq!(likely("qq"), None);
    }
}
