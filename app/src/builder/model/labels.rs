//! Labels of a service as edits. A file writes them as a mapping or as a list of `KEY=value`; both stay as they are.

use domain::{
    compose::yaml::Value,
    stack::{Edit, Stack},
};

fn path(service: &str, step: &str) -> Vec<String> {
    ["services", service, "labels", step].map(str::to_owned).to_vec()
}

/// Where a label is written: its key, or its number in the list. `None` if it is not there.
fn step_of(stack: &Stack, service: &str, key: &str) -> Option<String> {
    let labels = stack.model().root.at(&["services", service, "labels"])?;
    match &labels.value {
        Value::Sequence(items) => {
            let is_it = |text: String| text.split_once('=').map_or(text.as_str(), |(name, _)| name) == key;
            items.iter().rposition(|item| item.text().is_some_and(is_it)).map(|index| index.to_string())
        }
        _ => labels.entry(key).map(|entry| entry.key.clone()),
    }
}

/// The length of the list, if the labels are one.
fn list_length(stack: &Stack, service: &str) -> Option<usize> {
    match &stack.model().root.at(&["services", service, "labels"])?.value {
        Value::Sequence(items) => Some(items.len()),
        _ => None,
    }
}

pub fn set(stack: &Stack, service: &str, key: &str, value: &str) -> Vec<Edit> {
    let there = step_of(stack, service, key);
    let edit = match list_length(stack, service) {
        Some(length) => Edit::SetKey {
            path: path(service, &there.unwrap_or_else(|| length.to_string())),
            value: format!("{key}={value}").into(),
        },
        None => Edit::SetKey { path: path(service, key), value: value.into() },
    };
    vec![edit]
}

pub fn remove(stack: &Stack, service: &str, key: &str) -> Vec<Edit> {
    let step = step_of(stack, service, key);
    step.map(|step| Edit::RemoveKey { path: path(service, &step) }).into_iter().collect()
}

/// Gives a label another key. In a list it stays in its line.
pub fn rename(stack: &Stack, service: &str, key: &str, to: &str, value: &str) -> Vec<Edit> {
    match (list_length(stack, service), step_of(stack, service, key)) {
        (Some(_), Some(step)) => {
            vec![Edit::SetKey { path: path(service, &step), value: format!("{to}={value}").into() }]
        }
        _ => [set(stack, service, to, value), remove(stack, service, key)].concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAP: &str =
        "services:\n  web:\n    image: a:1\n    labels:\n      one: \"1\"\n      two: b # why\n";
    const LIST: &str = "services:\n  web:\n    image: a:1\n    labels:\n      - one=1\n      - two=b # why\n";

    fn after(file: &str, edits: impl Fn(&Stack) -> Vec<Edit>) -> String {
        let stack = Stack::read(file);
        stack.apply_all(&edits(&stack)).unwrap().text().to_owned()
    }

    #[test]
    fn both_forms_stay_as_they_are() {
        assert_eq!(after(MAP, |stack| set(stack, "web", "two", "c")), MAP.replace("two: b", "two: c"));
        assert_eq!(after(LIST, |stack| set(stack, "web", "two", "c")), LIST.replace("two=b", "two=c"));
        assert!(after(MAP, |stack| set(stack, "web", "x.y", "z")).ends_with("      x.y: z\n"));
        assert!(after(LIST, |stack| set(stack, "web", "x.y", "z")).ends_with("      - x.y=z\n"));
        assert!(
            after("services:\n  web:\n    image: a:1\n", |stack| set(stack, "web", "x", "1"))
                .contains("labels:\n      x: \"1\"\n")
        );
    }

    #[test]
    fn a_label_is_removed_and_renamed_alone() {
        assert_eq!(after(MAP, |stack| remove(stack, "web", "one")), MAP.replace("      one: \"1\"\n", ""));
        assert_eq!(after(LIST, |stack| remove(stack, "web", "one")), LIST.replace("      - one=1\n", ""));
        assert_eq!(
            after(LIST, |stack| rename(stack, "web", "two", "three", "b")),
            LIST.replace("two=b", "three=b")
        );
        let renamed = after(MAP, |stack| rename(stack, "web", "one", "three", "1"));
        assert!(renamed.contains("three: \"1\"") && !renamed.contains("one:"), "{renamed}");
        assert!(remove(&Stack::read(MAP), "web", "absent").is_empty());
    }
}
