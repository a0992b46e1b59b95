//! The `error` of a failed command. Agents write it in several ways: as a text, as one object, or as a list
//! (`{"errors": [ … ]}`).

use serde_json::Value;

/// Why a command failed, in words for people: the first text that is not blank.
pub fn failure_text(error: &Value) -> Option<&str> {
    let mut texts = failures(error).filter_map(|failure| match failure {
        Value::String(text) => Some(text.as_str()),
        failure => failure.get("message").or_else(|| failure.get("error")).and_then(Value::as_str),
    });
    texts.find(|text| !text.trim().is_empty())
}

/// Whether one of the failures has this code.
pub fn has_failure_code(error: &Value, code: &str) -> bool {
    failures(error).any(|failure| failure.get("code").and_then(Value::as_str) == Some(code))
}

/// The listed failures, followed by the error itself.
fn failures(error: &Value) -> impl Iterator<Item = &Value> {
    let list = error.get("errors").and_then(Value::as_array);
    list.into_iter().flatten().chain(std::iter::once(error))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::command::code::PLAN_STALE;

    #[test]
    fn a_text_is_found_wherever_agents_put_it() {
        assert_eq!(failure_text(&json!("no space left")), Some("no space left"));
        assert_eq!(failure_text(&json!({"code": "x", "message": "lost"})), Some("lost"));
        assert_eq!(failure_text(&json!({"error": "gone"})), Some("gone"));
        let list = json!({"errors": [{"code": "plan-stale", "message": "changed"}, {"message": "more"}]});
        assert_eq!(failure_text(&list), Some("changed"));
        assert!(has_failure_code(&list, PLAN_STALE));
    }

    #[test]
    fn an_error_without_text_has_none() {
        for error in [json!(" "), json!([1]), json!({"errors": 3}), json!(null)] {
            assert_eq!(failure_text(&error), None, "{error}");
        }
    }
}
