//! Any key of the compose file as one field: its value as text, and the edits that turn it into another value.

use domain::stack::{Edit, Stack};
use serde_json::Value;

use super::sentence::sentence;

/// The value at a path as it is written, without the indentation of its place. What comes from an anchor is shown resolved.
pub fn text_of(stack: &Stack, path: &[String]) -> String {
    let Some((last, parents)) = path.split_last() else { return String::new() };
    let Some(entry) = stack.model().root.at(parents).and_then(|node| node.entry(last)) else {
        return String::new();
    };
    if entry.value.is_null() {
        return String::new();
    }
    if entry.merged || entry.value.alias.is_some() {
        return entry.value.to_json().to_string();
    }
    let place = entry.value.place;
    let written = stack.text().get(place.start..place.end).unwrap_or_default().trim_end();
    let (first, rest) = written.split_once('\n').unwrap_or((written, ""));
    let indented = |line: &&str| !line.trim().is_empty();
    let margin =
        rest.lines().filter(indented).map(|line| line.len() - line.trim_start().len()).min().unwrap_or(0);
    let rest = rest.lines().map(|line| line.get(margin..).unwrap_or_default().trim_end());
    std::iter::once(first.trim_end()).chain(rest).collect::<Vec<_>>().join("\n")
}

/// The value that a text means in YAML. The error is a sentence.
pub fn value_of(text: &str) -> Result<Value, String> {
    if text.trim().is_empty() {
        return Ok(Value::Null);
    }
    let body: String = text.trim_end().lines().map(|line| format!("  {line}\n")).collect();
    let read = Stack::read(&format!("value:\n{body}"));
    let wrong = || {
        let why = read.findings().first().map(|finding| sentence(&finding.message));
        why.unwrap_or_else(|| "This is not valid YAML.".to_owned())
    };
    if !read.is_readable() {
        return Err(wrong());
    }
    read.model().root.get("value").map(|node| node.to_json()).ok_or_else(wrong)
}

/// The edits that turn `old` into `new`: as deep as possible, so that comments beside unchanged parts stay.
pub fn edits_between(path: &[String], old: &Value, new: &Value) -> Vec<Edit> {
    let below = |step: &str| path.iter().cloned().chain([step.to_owned()]).collect::<Vec<_>>();
    match (old, new) {
        (old, new) if old == new => Vec::new(),
        (Value::Object(before), Value::Object(after)) if !after.is_empty() => {
            let mut edits: Vec<Edit> = after
                .iter()
                .flat_map(|(key, value)| match before.get(key) {
                    Some(old) => edits_between(&below(key), old, value),
                    None => vec![Edit::SetKey { path: below(key), value: value.clone() }],
                })
                .collect();
            let gone = before.keys().filter(|key| !after.contains_key(*key));
            edits.extend(gone.map(|key| Edit::RemoveKey { path: below(key) }));
            edits
        }
        (Value::Array(before), Value::Array(after)) if before.len() == after.len() => before
            .iter()
            .zip(after)
            .enumerate()
            .flat_map(|(index, (old, new))| edits_between(&below(&index.to_string()), old, new))
            .collect(),
        (_, new) => vec![Edit::SetKey { path: path.to_vec(), value: new.clone() }],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "services:\n  web:\n    image: nginx:1.27 # the front\n    logging:\n      driver: json-file # small\n      options:\n        max-size: 10m\n    cap_add:\n      - NET_ADMIN\n    privileged:\n";

    fn path(key: &str) -> Vec<String> {
        ["services", "web", key].map(str::to_owned).to_vec()
    }

    /// The file after the user has changed the value of a key.
    fn typed(key: &str, text: &str) -> String {
        let stack = Stack::read(FILE);
        let old = stack.model().root.at(&path(key)).map(|node| node.to_json()).unwrap_or_default();
        stack.apply_all(&edits_between(&path(key), &old, &value_of(text).unwrap())).unwrap().text().to_owned()
    }

    #[test]
    fn a_value_is_shown_as_it_is_written() {
        let stack = Stack::read(FILE);
        assert_eq!(text_of(&stack, &path("image")), "nginx:1.27");
        assert_eq!(text_of(&stack, &path("cap_add")), "- NET_ADMIN");
        assert_eq!(text_of(&stack, &path("logging")), "driver: json-file # small\noptions:\n  max-size: 10m");
        assert_eq!(text_of(&stack, &path("privileged")), "");
        assert_eq!(text_of(&stack, &path("absent")), "");
    }

    #[test]
    fn what_is_shown_means_what_is_there() {
        let stack = Stack::read(FILE);
        for key in ["image", "logging", "cap_add", "privileged"] {
            let there = stack.model().root.at(&path(key)).unwrap().to_json();
            assert_eq!(value_of(&text_of(&stack, &path(key))), Ok(there), "{key}");
        }
    }

    #[test]
    fn only_the_changed_part_is_written() {
        assert_eq!(
            typed("logging", "driver: json-file\noptions:\n  max-size: 20m\n"),
            FILE.replace("10m", "20m")
        );
        assert_eq!(typed("privileged", "true"), FILE.replace("privileged:", "privileged: true"));
        assert!(
            typed("cap_add", "- NET_ADMIN\n- SYS_TIME").contains("      - NET_ADMIN\n      - SYS_TIME\n")
        );
        assert!(typed("init", "true").contains("    init: true\n"));
    }

    #[test]
    fn text_that_is_not_yaml_is_refused_with_a_sentence() {
        assert!(value_of("a: [1").is_err_and(|why| why.ends_with('.')));
        assert_eq!(value_of("\"5\""), Ok("5".into()));
        assert_eq!(value_of("[a, 5]"), Ok(serde_json::json!(["a", 5])));
    }
}
