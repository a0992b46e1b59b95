//! PostgreSQL stores no NUL character, not even inside JSON. Input from people that contains one is refused; input from agents is
//! cleaned ([`crate::db::storable`]).

use serde_json::Value;

pub fn has_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(has_nul),
        Value::Object(entries) => entries.iter().any(|(key, value)| key.contains('\0') || has_nul(value)),
        _ => false,
    }
}

/// Returns at most `most` characters, with NUL characters replaced.
pub fn line(text: &str, most: usize) -> String {
    text.chars().map(|letter| if letter == '\0' { '\u{fffd}' } else { letter }).take(most).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_nul_is_found_wherever_it_is() {
        for value in [json!("a\0"), json!(["x", {"b": "\0"}]), json!({"a\0": 1})] {
            assert!(has_nul(&value), "{value}");
        }
        assert!(!has_nul(&json!({"a": ["b", null, 1]})));
        assert_eq!(line("a\0bc", 3), "a\u{fffd}b");
    }
}
