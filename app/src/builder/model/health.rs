//! The health check of a service, as the inspector shows and changes it.

use domain::{
    compose::{Command, Healthcheck, Text},
    stack::Edit,
};
use serde_json::{Value, json};

use super::words;

/// A complete health check: an edit always writes the whole check, even if only one part has changed.
#[derive(Clone, Debug, Default)]
pub struct HealthDraft {
    test: Value,
    interval: Option<String>,
    timeout: Option<String>,
    retries: Option<u32>,
    start_period: Option<String>,
}

impl HealthDraft {
    pub fn of(check: Option<&Healthcheck>) -> Self {
        let Some(check) = check else { return Self::default() };
        let text = |text: &Option<Text>| text.as_ref().map(|text| text.value.clone());
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

    pub fn set_test(&mut self, line: &str) -> Result<(), String> {
        self.test = test_of(line, &self.test)?;
        Ok(())
    }

    pub fn set_interval(&mut self, text: &str) -> Result<(), String> {
        self.interval = some(text);
        Ok(())
    }

    pub fn set_timeout(&mut self, text: &str) -> Result<(), String> {
        self.timeout = some(text);
        Ok(())
    }

    pub fn set_retries(&mut self, text: &str) -> Result<(), String> {
        self.retries = some(text).and_then(|text| text.parse().ok());
        Ok(())
    }

    pub fn set_start_period(&mut self, text: &str) -> Result<(), String> {
        self.start_period = some(text);
        Ok(())
    }

    pub fn into_edit(self, service: &str) -> Edit {
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

/// `None` for blank text: an empty field removes the key.
fn some(text: &str) -> Option<String> {
    (!text.trim().is_empty()).then(|| text.trim().to_owned())
}

/// The test as one line. `CMD-SHELL` and a plain line are run by a shell; `CMD` is a program with its arguments.
pub fn line_of(check: Option<&Healthcheck>) -> String {
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

/// The test with `line` as its command, in the same form as the old test.
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
