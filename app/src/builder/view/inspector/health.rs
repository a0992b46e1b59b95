//! How compose finds out whether a service is well.

use domain::{
    catalog,
    compose::{Command, Healthcheck, Service},
    stack::Edit,
};
use leptos::prelude::*;
use serde_json::{Value, json};

use super::live_field::{Commit, LiveField, Verdict};
use crate::{
    builder::{
        model::{validate, words},
        state::session::{Session, Spot, use_session},
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

/// What the catalogue knows about the image, else a port that answers.
fn first_check(session: Session, name: &str) -> Edit {
    let stack = session.stack();
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

/// The whole check as one edit, for changing one part of it.
#[derive(Clone, Debug, Default)]
struct Draft {
    test: Value,
    interval: Option<String>,
    timeout: Option<String>,
    retries: Option<u32>,
    start_period: Option<String>,
}

impl Draft {
    fn of(check: Option<&Healthcheck>) -> Self {
        let Some(check) = check else { return Self::default() };
        let text = |text: &Option<domain::compose::Text>| text.as_ref().map(|text| text.value.clone());
        Self {
            test: match check.test.as_ref().map(|test| &test.value) {
                Some(Command::Line(line)) => line.as_str().into(),
                Some(Command::Words(words)) => words.clone().into(),
                None => Value::Null,
            },
            interval: text(&check.interval),
            timeout: text(&check.timeout),
            retries: check.retries.as_ref().and_then(|retries| u32::try_from(retries.value).ok()),
            start_period: text(&check.start_period),
        }
    }

    fn into_edit(self, service: &str) -> Edit {
        Edit::SetHealthcheck {
            service: service.to_owned(),
            test: self.test,
            interval: self.interval,
            timeout: self.timeout,
            retries: self.retries,
            start_period: self.start_period,
        }
    }
}

/// The test as one line. `CMD-SHELL` and a plain line are for a shell, `CMD` is a program with its words.
fn line_of(check: Option<&Healthcheck>) -> String {
    match check.and_then(|check| check.test.as_ref()).map(|test| &test.value) {
        Some(Command::Line(line)) => line.clone(),
        Some(Command::Words(words)) => match words.split_first() {
            Some((first, rest)) if first == "CMD-SHELL" => rest.join(" "),
            Some((first, rest)) if first == "CMD" => words::join(rest),
            _ => words::join(words),
        },
        None => String::new(),
    }
}

/// The test that says this line in the form the old one had.
fn test_of(line: &str, old: &Value) -> Result<Value, String> {
    let first = old.as_array().and_then(|words| words.first()).and_then(Value::as_str);
    match first {
        Some("CMD") => {
            let words = words::split(line).ok_or("A quote is open: close it with the same quote.")?;
            Ok(std::iter::once("CMD".to_owned()).chain(words).collect::<Vec<_>>().into())
        }
        Some(_) => Ok(json!(["CMD-SHELL", line])),
        None if old.is_string() => Ok(line.into()),
        None => Ok(json!(["CMD-SHELL", line])),
    }
}

#[component]
fn CheckFields(name: String, check: Memo<Option<Healthcheck>>) -> impl IntoView {
    let session = use_session();
    let own = name.clone();
    let write = move |field: &str, change: &dyn Fn(&mut Draft) -> Verdict| -> Verdict {
        let mut draft = check.with_untracked(|check| Draft::of(check.as_ref()));
        change(&mut draft)?;
        session.type_in(field, &[draft.into_edit(&own)])
    };
    let some = |text: &str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
    let text_of = move |part: fn(&Healthcheck) -> Option<String>| {
        Signal::derive(move || check.with(|check| check.as_ref().and_then(part)).unwrap_or_default())
    };
    let disabled = move || check.with(|check| check.as_ref().is_some_and(|check| check.disabled));
    let (set_test, set_interval, set_timeout, set_retries, set_start) =
        (write.clone(), write.clone(), write.clone(), write.clone(), write);
    let a_time = || Callback::new(|text: String| validate::optional(text.trim(), validate::duration));
    view! {
        <div class="flex flex-col gap-3">
            {move || {
                disabled()
                    .then(|| view! { <p class="text-warn">"The check of the image is switched off here."</p> })
            }}
            <LiveField
                id="health-test"
                label="Test"
                value=Signal::derive(move || check.with(|check| line_of(check.as_ref())))
                commit=Callback::new(move |text: String| {
                    set_test(
                        "health-test",
                        &|draft| {
                            draft.test = test_of(&text, &draft.test)?;
                            Ok(())
                        },
                    )
                })
                help="Runs inside the container; it is well when this ends with 0."
                mono=true
            />
            <div class="grid grid-cols-2 gap-2">
                <LiveField
                    id="health-interval"
                    label="Every"
                    value=text_of(|check| check.interval.as_ref().map(|text| text.value.clone()))
                    commit=Callback::new(move |text: String| {
                        set_interval(
                            "health-interval",
                            &|draft| {
                                draft.interval = some(&text);
                                Ok(())
                            },
                        )
                    })
                    check=a_time()
                    when=Commit::Leaving
                    placeholder="30s"
                    mono=true
                />
                <LiveField
                    id="health-timeout"
                    label="Fails after"
                    value=text_of(|check| check.timeout.as_ref().map(|text| text.value.clone()))
                    commit=Callback::new(move |text: String| {
                        set_timeout(
                            "health-timeout",
                            &|draft| {
                                draft.timeout = some(&text);
                                Ok(())
                            },
                        )
                    })
                    check=a_time()
                    when=Commit::Leaving
                    placeholder="30s"
                    mono=true
                />
                <LiveField
                    id="health-retries"
                    label="Retries"
                    value=text_of(|check| check.retries.as_ref().map(|retries| retries.value.to_string()))
                    commit=Callback::new(move |text: String| {
                        set_retries(
                            "health-retries",
                            &|draft| {
                                draft.retries = some(&text).and_then(|text| text.parse().ok());
                                Ok(())
                            },
                        )
                    })
                    check=Callback::new(|text: String| validate::optional(text.trim(), validate::retries))
                    when=Commit::Leaving
                    placeholder="3"
                    mono=true
                />
                <LiveField
                    id="health-start-period"
                    label="Starts within"
                    value=text_of(|check| check.start_period.as_ref().map(|text| text.value.clone()))
                    commit=Callback::new(move |text: String| {
                        set_start(
                            "health-start-period",
                            &|draft| {
                                draft.start_period = some(&text);
                                Ok(())
                            },
                        )
                    })
                    check=a_time()
                    when=Commit::Leaving
                    placeholder="0s"
                    mono=true
                />
            </div>
            <div>
                <Button
                    look=Look::Plain
                    attr:data-testid="health-remove"
                    on:click=move |_| {
                        session.edit(Spot::Inspector, &[Edit::RemoveHealthcheck { service: name.clone() }]);
                    }
                >
                    "Remove the health check"
                </Button>
            </div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_keeps_the_form_it_has() {
        assert_eq!(
            test_of("pg_isready -U app", &json!(["CMD", "x"])),
            Ok(json!(["CMD", "pg_isready", "-U", "app"]))
        );
        assert_eq!(
            test_of("curl -f x || exit 1", &json!(["CMD-SHELL", "x"])),
            Ok(json!(["CMD-SHELL", "curl -f x || exit 1"]))
        );
        assert_eq!(test_of("curl x", &json!("old")), Ok(json!("curl x")));
        assert!(test_of("sh -c 'x", &json!(["CMD", "x"])).is_err());
    }
}
