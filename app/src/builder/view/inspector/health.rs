//! The inspector's form for the health check of a service.

use domain::{
    catalog,
    compose::{Healthcheck, Service, Text},
    stack::Edit,
};
use leptos::prelude::*;
use serde_json::json;

use super::live_field::{LiveField, Typing, Verdict};
use crate::{
    builder::{
        model::{
            health::{HealthDraft, line_of},
            validate,
        },
        state::{
            notices::Spot,
            session::{Session, use_session},
        },
    },
    components::{Button, Look},
};

#[component]
pub fn Health(name: String, service: Memo<Option<Service>>) -> impl IntoView {
    let session = use_session();
    let check = Memo::new(move |_| {
        service.with(|service| service.as_ref().and_then(|service| service.healthcheck.clone()))
    });
    let there = Memo::new(move |_| check.with(Option::is_some));
    let name = StoredValue::new(name);
    move || {
        if there.get() {
            view! { <CheckFields name=name.get_value() check /> }.into_any()
        } else {
            view! {
                <div class="flex flex-col items-start gap-3">
                    <p class="text-muted">
                        "Without a health check, other services can only wait until this one has started, not until it answers."
                    </p>
                    <Button
                        look=Look::Plain
                        attr:data-testid="health-add"
                        on:click=move |_| {
                            let edit = first_check(session, &name.get_value());
                            session.edit(Spot::Inspector, &[edit]);
                        }
                    >
                        "Add a health check"
                    </Button>
                </div>
            }
                .into_any()
        }
    }
}

/// A suggested check: that of the catalogue, or else a test of whether a port answers.
fn first_check(session: Session, name: &str) -> Edit {
    let stack = session.document.stack();
    let service = stack.model().service(name);
    let known = service.and_then(|service| catalog::app_of(&stack, service)).map(|app| &app.healthcheck);
    if let Some(check) = known {
        return Edit::SetHealthcheck {
            service: name.to_owned(),
            test: check.test.clone(),
            interval: Some(check.interval.clone()),
            timeout: Some(check.timeout.clone()),
            retries: Some(check.retries),
            start_period: Some(check.start_period.clone()),
        };
    }
    let port = service
        .and_then(|service| service.ports.first()?.mapping.as_ref().map(|mapping| mapping.target.0))
        .unwrap_or(80);
    Edit::SetHealthcheck {
        service: name.to_owned(),
        test: json!(["CMD-SHELL", format!("wget -qO- http://127.0.0.1:{port}/ >/dev/null || exit 1")]),
        interval: Some("30s".to_owned()),
        timeout: Some("5s".to_owned()),
        retries: Some(3),
        start_period: Some("30s".to_owned()),
    }
}

/// A field of the form that is a short text, as the four times and counts of a check are.
struct Part {
    id: &'static str,
    label: &'static str,
    placeholder: &'static str,
    value: fn(&Healthcheck) -> Option<String>,
    set: fn(&mut HealthDraft, &str) -> Verdict,
    check: fn(&str) -> Verdict,
}

fn text(text: Option<&Text>) -> Option<String> {
    text.map(|text| text.value.clone())
}

const PARTS: [Part; 4] = [
    Part {
        id: "health-interval",
        label: "Check every",
        placeholder: "30s",
        value: |check| text(check.interval.as_ref()),
        set: HealthDraft::set_interval,
        check: validate::duration,
    },
    Part {
        id: "health-timeout",
        label: "Give up after",
        placeholder: "30s",
        value: |check| text(check.timeout.as_ref()),
        set: HealthDraft::set_timeout,
        check: validate::duration,
    },
    Part {
        id: "health-retries",
        label: "Failures in a row",
        placeholder: "3",
        value: |check| check.retries.as_ref().map(|retries| retries.value.to_string()),
        set: HealthDraft::set_retries,
        check: validate::retries,
    },
    Part {
        id: "health-start-period",
        label: "Time to start",
        placeholder: "0s",
        value: |check| text(check.start_period.as_ref()),
        set: HealthDraft::set_start_period,
        check: validate::duration,
    },
];

#[component]
fn CheckFields(name: String, check: Memo<Option<Healthcheck>>) -> impl IntoView {
    let session = use_session();
    let own = StoredValue::new(name);
    // Writes one part of the check. Keystrokes in fields with the same id are one undo step.
    let commit = move |id: &'static str, set: fn(&mut HealthDraft, &str) -> Verdict| {
        move |text: String| -> Verdict {
            let mut draft = check.with_untracked(|check| HealthDraft::of(check.as_ref()));
            set(&mut draft, &text)?;
            session.type_in(id, &[draft.into_edit(&own.get_value())])
        }
    };
    let field = move |Part { id, label, placeholder, value, set, check: valid }: Part| {
        let value =
            Signal::derive(move || check.with(|check| check.as_ref().and_then(value)).unwrap_or_default());
        let typing = Typing::new(value, commit(id, set))
            .on_leaving()
            .checked_by(move |text: String| validate::optional(text.trim(), valid));
        view! { <LiveField id label typing placeholder mono=true /> }
    };
    let disabled = move || check.with(|check| check.as_ref().is_some_and(|check| check.disabled));
    view! {
        <div class="flex flex-col gap-3">
            {move || {
                disabled()
                    .then(|| view! { <p class="text-warn">"The image’s own health check is switched off here."</p> })
            }}
            <LiveField
                id="health-test"
                label="Test"
                typing=Typing::new(
                    Signal::derive(move || check.with(|check| line_of(check.as_ref()))),
                    commit("health-test", HealthDraft::set_test),
                )
                help="Runs inside the container. The service is healthy if it exits with 0."
                mono=true
            />
            <div class="grid grid-cols-2 gap-2">{PARTS.map(field).collect_view()}</div>
            <div>
                <Button
                    look=Look::Plain
                    attr:data-testid="health-remove"
                    on:click=move |_| {
                        session.edit(Spot::Inspector, &[Edit::RemoveHealthcheck { service: own.get_value() }]);
                    }
                >
                    "Remove the health check"
                </Button>
            </div>
        </div>
    }
}
