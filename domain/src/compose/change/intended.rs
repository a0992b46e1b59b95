//! Applies a change to the values instead of the text. Comparing the two results proves that nothing else has
//! changed.

use serde_json::{Map, Value};

use super::{Change, Refusal, remains};

pub fn apply(root: &mut Value, change: &Change) -> Result<(), Refusal> {
    match change {
        Change::Set { path, value } => set(root, path, value.clone()),
        Change::Remove { path } => remove(root, path).then_some(()).ok_or_else(|| Refusal::missing(path)),
        Change::Rename { path, to } => rename(root, path, to),
    }
}

fn set(root: &mut Value, path: &[String], value: Value) -> Result<(), Refusal> {
    let Some((first, rest)) = path.split_first() else {
        *root = value;
        return Ok(());
    };
    if root.is_null() {
        *root = Value::Object(Map::new());
    }
    match root {
        Value::Object(entries) => set(entries.entry(first.clone()).or_insert(Value::Null), rest, value),
        Value::Array(items) => {
            let index = first.parse::<usize>().ok().filter(|index| *index <= items.len());
            let index = index.ok_or_else(|| Refusal::missing(path))?;
            if index == items.len() {
                items.push(Value::Null);
            }
            set(&mut items[index], rest, value)
        }
        _ => Err(Refusal::new(
            "not-a-collection",
            format!("`{first}` can't be set: its parent is a single value"),
        )),
    }
}

fn remove(root: &mut Value, path: &[String]) -> bool {
    let mut depth = path.len();
    while depth > 0 {
        let (name, parent) = (&path[depth - 1], &path[..depth - 1]);
        let Some(container) = at(root, parent) else { return false };
        let (removed, empty) = match container {
            Value::Object(entries) => (remove_key(entries, name), entries.is_empty()),
            Value::Array(items) => match name.parse::<usize>().ok().filter(|index| *index < items.len()) {
                Some(index) => {
                    items.remove(index);
                    (true, items.is_empty())
                }
                None => (false, false),
            },
            _ => (false, false),
        };
        if !removed {
            return false;
        }
        if !empty {
            return true;
        }
        let rest = if depth == 1 { Some(Value::Null) } else { remains(parent) };
        if let Some(rest) = rest {
            if let Some(container) = at(root, parent) {
                *container = rest;
            }
            return true;
        }
        depth -= 1;
    }
    true
}

fn remove_key(entries: &mut Map<String, Value>, key: &str) -> bool {
    entries.shift_remove(key).is_some()
}

fn rename(root: &mut Value, path: &[String], to: &str) -> Result<(), Refusal> {
    let missing = || Refusal::missing(path);
    let (name, parent) = path.split_last().ok_or_else(missing)?;
    match at(root, parent) {
        Some(Value::Object(entries)) if entries.contains_key(to) => {
            Err(Refusal::new("key-exists", format!("there is already a `{to}`")))
        }
        Some(Value::Object(entries)) => {
            let value = entries.shift_remove(name).ok_or_else(missing)?;
            entries.insert(to.to_owned(), value);
            Ok(())
        }
        _ => Err(missing()),
    }
}

fn at<'v>(root: &'v mut Value, path: &[String]) -> Option<&'v mut Value> {
    path.iter().try_fold(root, |value, step| match value {
        Value::Object(entries) => entries.get_mut(step),
        Value::Array(items) => items.get_mut(step.parse::<usize>().ok()?),
        _ => None,
    })
}
