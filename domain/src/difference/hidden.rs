//! Decides which values must not be shown.

use serde_json::Value;

use crate::compose::literal_secret::may_hold_secret;

/// Whether a value, or a part of it, may be secret. `key` is the last step of its path.
pub fn is_hidden(key: &str, value: &Value) -> bool {
    match value {
        Value::String(text) => may_hold_secret(key, text) || has_secret_option(text.split_whitespace()),
        Value::Array(items) => {
            has_secret_option(items.iter().filter_map(Value::as_str))
                || items.iter().any(|item| is_hidden(key, item))
        }
        Value::Object(fields) => fields.iter().any(|(key, value)| is_hidden(key, value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Whether one of the words is `--password=x`, `PASSWORD=x`, or `--password` with a word after it.
fn has_secret_option<'w>(words: impl Iterator<Item = &'w str>) -> bool {
    let mut option = None;
    for word in words {
        if option.take().is_some_and(|option| may_hold_secret(option, word)) {
            return true;
        }
        match word.split_once('=') {
            Some((name, value)) if may_hold_secret(name, value) => return true,
            Some(_) => {}
            None => option = word.starts_with('-').then_some(word),
        }
    }
    false
}
