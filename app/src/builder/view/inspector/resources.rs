//! The inspector's form for the limits of a service and for its logging.

use domain::{
    compose::{Service, Text, yaml::Node},
    stack::Edit,
};
use leptos::prelude::*;

use super::live_field::{LiveField, Typing, Verdict};
use crate::{
    builder::{
        model::{
            limits::{self, Limit},
            validate,
        },
        state::{notices::Spot, session::use_session},
    },
    components::Select,
};

#[component]
pub fn Resources(name: String, service: Memo<Option<Service>>) -> impl IntoView {
    view! {
        <div class="flex flex-col gap-3">
            <div class="grid grid-cols-2 gap-2">
                <LimitField
                    name=name.clone()
                    service
                    id="limit-memory"
                    label="Memory, at most"
                    placeholder="512m"
                    limit=Limit::Memory
                    value=|service| service.resources.memory.as_ref()
                    check=validate::memory
                />
                <LimitField
                    name=name.clone()
                    service
                    id="limit-cpus"
                    label="Processors, at most"
                    placeholder="1.5"
                    limit=Limit::Cpus
                    value=|service| service.resources.cpus.as_ref()
                    check=validate::cpus
                />
            </div>
            <p class="text-caption text-muted">
                "A service that needs more memory than its limit is stopped by the host. Leave empty for no limit."
            </p>
            <Logging name />
        </div>
    }
}

#[component]
fn LimitField(
    name: String,
    service: Memo<Option<Service>>,
    id: &'static str,
    label: &'static str,
    placeholder: &'static str,
    limit: Limit,
    value: fn(&Service) -> Option<&Text>,
    check: fn(&str) -> Verdict,
) -> impl IntoView {
    let session = use_session();
    let shown = Signal::derive(move || {
        service.with(|service| {
            service.as_ref().and_then(value).map(|text| text.value.clone()).unwrap_or_default()
        })
    });
    let commit = move |text: String| -> Verdict {
        let edit = limits::edit(&session.document.stack(), &name, limit, &text);
        session.type_in(id, edit.as_slice())
    };
    let typing = Typing::new(shown, commit)
        .on_leaving()
        .checked_by(move |text: String| validate::optional(text.trim(), check));
    view! { <LiveField id label typing placeholder mono=true /> }
}

const DRIVERS: [(&str, &str); 7] = [
    ("", "As the host does by default"),
    ("local", "Compact files on the host (local)"),
    ("json-file", "JSON files on the host (json-file)"),
    ("journald", "The journal of the host (journald)"),
    ("syslog", "syslog"),
    ("fluentd", "fluentd"),
    ("none", "Nowhere (none)"),
];

/// Where the output of the service goes, and how much of it is kept.
#[component]
fn Logging(name: String) -> impl IntoView {
    let session = use_session();
    let name = StoredValue::new(name);
    let path = move |steps: &[&str]| {
        let service = name.get_value();
        ["services", &service, "logging"]
            .iter()
            .chain(steps)
            .map(|step| (*step).to_owned())
            .collect::<Vec<_>>()
    };
    let value = move |steps: &'static [&'static str]| {
        Signal::derive(move || {
            session
                .document
                .read(|stack| stack.model().root.at(&path(steps)).and_then(Node::text))
                .unwrap_or_default()
        })
    };
    let edit = move |steps: &[&str], text: &str| {
        let path = path(steps);
        let there = session.document.stack().model().root.at(&path).is_some();
        match (text, there) {
            ("", true) => Some(Edit::RemoveKey { path }),
            ("", false) => None,
            (text, _) => Some(Edit::SetKey { path, value: text.into() }),
        }
    };
    let driver = value(&["driver"]);
    let mut options: Vec<(String, String)> =
        DRIVERS.into_iter().map(|(value, label)| (value.to_owned(), label.to_owned())).collect();
    let current = driver.get_untracked();
    if !DRIVERS.iter().any(|(known, _)| *known == current) {
        options.push((current.clone(), current));
    }
    let choose = move |driver: String| {
        // Options belong to their driver, so they go with it.
        let edit = if driver.is_empty() {
            let there = session.document.stack().model().root.at(&path(&[])).is_some();
            there.then(|| Edit::RemoveKey { path: path(&[]) })
        } else {
            edit(&["driver"], &driver)
        };
        if let Some(edit) = edit {
            session.edit(Spot::Inspector, &[edit]);
        }
    };
    let option = move |id: &'static str,
                       label: &'static str,
                       placeholder: &'static str,
                       steps: &'static [&'static str],
                       check: fn(&str) -> Verdict| {
        let commit =
            move |text: String| -> Verdict { session.type_in(id, edit(steps, text.trim()).as_slice()) };
        let typing = Typing::new(value(steps), commit)
            .on_leaving()
            .checked_by(move |text: String| validate::optional(text.trim(), check));
        view! { <LiveField id label typing placeholder mono=true /> }
    };
    let keeps_files = move || matches!(driver.get().as_str(), "local" | "json-file");
    view! {
        <fieldset class="flex min-w-0 flex-col gap-2 border-t border-line pt-3">
            <legend class="sr-only">"Logging"</legend>
            <Select
                id="logging-driver"
                label="Output goes to"
                options
                value=driver
                on_change=Callback::new(choose)
                attr:data-testid="logging-driver-field"
            />
            {move || {
                keeps_files()
                    .then(|| {
                        view! {
                            <div class="grid grid-cols-2 gap-2">
                                {option("logging-max-size", "Size of a file", "10m", &["options", "max-size"], validate::memory)}
                                {option("logging-max-file", "Files kept", "3", &["options", "max-file"], validate::retries)}
                            </div>
                        }
                    })
            }}
        </fieldset>
    }
}
