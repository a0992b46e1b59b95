//! PostgreSQL cannot store NUL in jsonb: external input is cleaned before it is stored.

use anyhow::Context as _;
use serde::Serialize;
use serde_json::Value;

/// The value as JSON, with U+FFFD for each NUL.
pub fn storable(value: &impl Serialize) -> anyhow::Result<Value> {
    let mut value = serde_json::to_value(value).context("writing a value as JSON")?;
    tidy(&mut value);
    Ok(value)
}

fn tidy(value: &mut Value) {
    match value {
        Value::String(text) if text.contains('\0') => *text = text.replace('\0', "\u{fffd}"),
        Value::Array(items) => items.iter_mut().for_each(tidy),
        Value::Object(entries) => {
            if entries.keys().any(|key| key.contains('\0')) {
                let old = std::mem::take(entries);
                entries.extend(old.into_iter().map(|(key, value)| (key.replace('\0', "\u{fffd}"), value)));
            }
            entries.values_mut().for_each(tidy);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn no_nul_is_left_anywhere() {
        let tidied = storable(&json!({"a\0": ["b\0", {"c": "d"}], "e": 1})).unwrap();
        assert_eq!(tidied, json!({"a\u{fffd}": ["b\u{fffd}", {"c": "d"}], "e": 1}));
    }
}
