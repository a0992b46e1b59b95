//! Reads a stack as JSON for the property tests, independently of the notation in the file.

use std::collections::BTreeMap;

use domain::{compose::Service, stack::Stack};
use serde_json::Value;

pub fn root(stack: &Stack) -> Value {
    stack.model().root.to_json()
}

/// The value at a path. A missing value equals `null`, because `key:` means the same as no key.
pub fn at(stack: &Stack, path: &[&str]) -> Value {
    stack.model().root.at(path).map_or(Value::Null, |node| node.to_json())
}

pub fn service<'s>(stack: &'s Stack, name: &str) -> Option<&'s Service> {
    stack.model().service(name)
}

pub fn of_service(stack: &Stack, service: &str, key: &str) -> Value {
    at(stack, &["services", service, key])
}

pub fn names(stack: &Stack) -> Vec<String> {
    stack.model().services.iter().map(|service| service.name.clone()).collect()
}

/// The items of a list as written.
pub fn items(stack: &Stack, service: &str, key: &str) -> Vec<Value> {
    of_service(stack, service, key).as_array().cloned().unwrap_or_default()
}

/// `depends_on` or `networks` by name, from a list of names or from a mapping. `short` is the value of a bare name.
pub fn entries(stack: &Stack, service: &str, key: &str, short: &Value) -> BTreeMap<String, Value> {
    let full = |value: Value| if value.is_null() { short.clone() } else { value };
    match of_service(stack, service, key) {
        Value::Object(entries) => entries.into_iter().map(|(name, value)| (name, full(value))).collect(),
        Value::Array(items) => items.iter().map(|item| (text(item), short.clone())).collect(),
        Value::String(name) => BTreeMap::from([(name, short.clone())]),
        _ => BTreeMap::new(),
    }
}

/// A name as text, even if it is written like a number.
fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The effective variables. Of two variables with the same name, the last one counts.
pub fn variables(stack: &Stack, service: &str) -> BTreeMap<String, Option<String>> {
    let Some(service) = self::service(stack, service) else { return BTreeMap::new() };
    service.environment.iter().map(|variable| (variable.key.clone(), variable.value.clone())).collect()
}

pub fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(entries) => entries.is_empty(),
        _ => false,
    }
}

/// The document without this value, and without parents that become empty.
pub fn without(mut root: Value, path: &[String]) -> Value {
    match path.split_last() {
        Some((last, parent)) => {
            steps(&mut root, parent).into_iter().for_each(|container| take(container, last))
        }
        None => root = Value::Null,
    }
    without_empty(root, path)
}

/// The document without empty parents of this place: an edit may keep or remove them.
pub fn without_empty(mut root: Value, path: &[String]) -> Value {
    (0..path.len()).rev().for_each(|depth| drop_empty(&mut root, &path[..depth]));
    root
}

fn drop_empty(root: &mut Value, path: &[String]) {
    let Some((last, parent)) = path.split_last() else {
        if is_empty(root) {
            *root = Value::Null;
        }
        return;
    };
    let Some(container) = steps(root, parent) else { return };
    let empty = match &*container {
        Value::Object(entries) => entries.get(last).is_some_and(is_empty),
        Value::Array(items) => last.parse::<usize>().ok().and_then(|at| items.get(at)).is_some_and(is_empty),
        _ => false,
    };
    if empty {
        take(container, last);
    }
}

fn take(container: &mut Value, step: &str) {
    match container {
        Value::Object(entries) => drop(entries.remove(step)),
        Value::Array(items) => {
            if let Some(at) = step.parse::<usize>().ok().filter(|at| *at < items.len()) {
                items.remove(at);
            }
        }
        _ => {}
    }
}

fn steps<'v>(root: &'v mut Value, path: &[String]) -> Option<&'v mut Value> {
    path.iter().try_fold(root, |value, step| match value {
        Value::Object(entries) => entries.get_mut(step),
        Value::Array(items) => items.get_mut(step.parse::<usize>().ok()?),
        _ => None,
    })
}
