//! Edits of health checks.

use serde_json::{Map, Value};

use super::Work;
use crate::stack::Refusal;

pub fn set(
    work: &mut Work<'_>,
    service: &str,
    test: &Value,
    times: [(&str, Option<Value>); 4],
) -> Result<(), Refusal> {
    work.service(service)?;
    check(test)?;
    for (key, value) in &times {
        if let Some(Value::String(text)) = value
            && !is_duration(text)
        {
            return Err(Refusal::new(
                "duration-invalid",
                format!(
                    "`{key}` can't be `{text}`: write a number with its unit, such as `30s`, `1m30s` or `500ms`"
                ),
            ));
        }
    }
    let there = work.value(&["services", service, "healthcheck"]).is_some_and(Value::is_object);
    if !there {
        let mut entries = Map::new();
        entries.insert("test".to_owned(), test.clone());
        entries.extend(times.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))));
        return work.set(&["services", service, "healthcheck"], Value::Object(entries));
    }
    if work.value(&["services", service, "healthcheck", "disable"]).is_some() {
        work.remove(&["services", service, "healthcheck", "disable"])?;
    }
    work.set(&["services", service, "healthcheck", "test"], test.clone())?;
    for (key, value) in times {
        if let Some(value) = value {
            work.set(&["services", service, "healthcheck", key], value)?;
        }
    }
    Ok(())
}

fn check(test: &Value) -> Result<(), Refusal> {
    let valid = match test {
        Value::String(line) => !line.trim().is_empty(),
        Value::Array(words) => {
            words.iter().all(Value::is_string)
                && match words.first().and_then(Value::as_str) {
                    Some("NONE") => words.len() == 1,
                    Some("CMD" | "CMD-SHELL") => words.len() > 1,
                    _ => false,
                }
        }
        _ => false,
    };
    if valid {
        return Ok(());
    }
    Err(Refusal::new(
        "healthcheck-invalid",
        "a health check is a line for the shell, or a list that starts with `CMD`, `CMD-SHELL` or `NONE`",
    ))
}

/// Whether compose reads the text as a duration, such as `1h5m30s20ms`.
fn is_duration(text: &str) -> bool {
    if text.contains('$') || text == "0" {
        return true;
    }
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').len();
        let unit =
            ["ms", "us", "ns", "h", "m", "s"].into_iter().find(|unit| rest[digits..].starts_with(unit));
        match unit {
            Some(unit) if digits > 0 => rest = &rest[digits + unit.len()..],
            _ => return false,
        }
    }
    !text.is_empty()
}
