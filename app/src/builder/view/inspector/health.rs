//! The inspector's form for the health check of a service.

use domain::{
    catalog,
    compose::{Healthcheck, Service},
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
                        "Without a health check, others can only wait until this service has started, not until it answers."
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

type Part = fn(&Healthcheck) -> Option<String>;
type SetPart = fn(&mut HealthDraft, &str) -> Verdict;

#[component]
fn CheckFields(name: String, check: Memo<Option<Healthcheck>>) -> impl IntoView {
    let session = use_session();
    let own = StoredValue::new(name);
    // Writes one part of the check. Keystrokes in fields with the same id are one undo step.
    let commit = move |id: &'static str, set: SetPart| {
        move |text: String| -> Verdict {
            let mut draft = check.with_untracked(|check| HealthDraft::of(check.as_ref()));
            set(&mut draft, &text)?;
            session.type_in(id, &[draft.into_edit(&own.get_value())])
        }
    };
    let value = move |part: Part| {
        Signal::derive(move || check.with(|check| check.as_ref().and_then(part)).unwrap_or_default())
    };
    let field = move |id: &'static str, part: Part, set: SetPart| {
        Typing::new(value(part), commit(id, set)).on_leaving()
    };
    let duration = |text: String| validate::optional(text.trim(), validate::duration);
    let retries = |text: String| validate::optional(text.trim(), validate::retries);
    let disabled = move || check.with(|check| check.as_ref().is_some_and(|check| check.disabled));
    view! {
        <div class="flex flex-col gap-3">
            {move || {
                disabled()
                    .then(|| view! { <p class="text-warn">"The check of the image is switched off here."</p> })
            }}
            <LiveField
                id="health-test"
                label="Test"
                typing=Typing::new(
                    Signal::derive(move || check.with(|check| line_of(check.as_ref()))),
                    commit("health-test", HealthDraft::set_test),
                )
                help="Runs inside the container; it is well when this ends with 0."
                mono=true
            />
            <div class="grid grid-cols-2 gap-2">
                <LiveField
                    id="health-interval"
                    label="Every"
                    typing=field(
                        "health-interval",
                        |check| check.interval.as_ref().map(|text| text.value.clone()),
                        HealthDraft::set_interval,
                    )
                        .checked_by(duration)
                    placeholder="30s"
                    mono=true
                />
                <LiveField
                    id="health-timeout"
                    label="Fails after"
                    typing=field(
                        "health-timeout",
                        |check| check.timeout.as_ref().map(|text| text.value.clone()),
                        HealthDraft::set_timeout,
                    )
                        .checked_by(duration)
                    placeholder="30s"
                    mono=true
                />
                <LiveField
                    id="health-retries"
                    label="Retries"
                    typing=field(
                        "health-retries",
                        |check| check.retries.as_ref().map(|retries| retries.value.to_string()),
                        HealthDraft::set_retries,
                    )
                        .checked_by(retries)
                    placeholder="3"
                    mono=true
                />
                <LiveField
                    id="health-start-period"
                    label="Starts within"
                    typing=field(
                        "health-start-period",
                        |check| check.start_period.as_ref().map(|text| text.value.clone()),
                        HealthDraft::set_start_period,
                    )
                        .checked_by(duration)
                    placeholder="0s"
                    mono=true
                />
            </div>
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
