//! Normalises JSON with the table of fields: removes unknown keys, adds all optional ones, and reports every error
//! with its path.

use serde_json::{Map, Value};

use super::schema::{Field, FieldKind};
use crate::api::FieldError;

/// The maximum length of a list. No real form has longer lists, and code that compares lists relies on this limit.
const MOST_ITEMS: usize = 1_000;
/// The maximum number of reported errors. No user reads more at once.
const MOST_ERRORS: usize = 100;

#[derive(Default)]
pub struct FieldErrors {
    pub list: Vec<FieldError>,
}

impl FieldErrors {
    pub fn add(&mut self, field: impl Into<String>, message: impl Into<String>) {
        if self.list.len() < MOST_ERRORS {
            self.list.push(FieldError { field: field.into(), message: message.into() });
        }
    }
}

/// Normalises an object. `path` is its path in the body.
pub fn object(
    value: &Value,
    fields: &'static [Field],
    path: &str,
    errors: &mut FieldErrors,
) -> Map<String, Value> {
    let Value::Object(given) = value else {
        errors.add(path, format!("must be an object, this is {}", kind_of(value)));
        return Map::new();
    };
    let mut normal = Map::new();
    for field in fields {
        let path = format!("{path}.{}", field.name);
        let value = match given.get(field.name) {
            None | Some(Value::Null) => {
                if field.required {
                    errors.add(path, "is required");
                }
                Value::Null
            }
            Some(value) => one(value, &field.kind, &path, errors),
        };
        // Unlike all other optional keys, `descr` is left out instead of null, because it never appeared as null.
        if !(field.name == "descr" && value.is_null()) {
            normal.insert(field.name.to_owned(), value);
        }
    }
    normal
}

fn one(value: &Value, kind: &FieldKind, path: &str, errors: &mut FieldErrors) -> Value {
    if let Value::Array(items) = value
        && matches!(kind, FieldKind::List(_) | FieldKind::Texts)
        && items.len() > MOST_ITEMS
    {
        errors.add(path, format!("must have at most {MOST_ITEMS} entries, this has {}", items.len()));
        return Value::Null;
    }
    let expected = match (kind, value) {
        (FieldKind::Text { most, shape, empty_allowed }, Value::String(text)) => {
            let length = text.chars().count();
            if length == 0 && !empty_allowed {
                errors.add(path, "must not be empty");
            } else if length > *most {
                errors.add(path, format!("must have at most {most} characters, this has {length}"));
            } else if let Some(shape) = shape.filter(|shape| length > 0 && !(shape.fits)(text)) {
                errors.add(path, shape.message);
            }
            return value.clone();
        }
        (FieldKind::OneOf(words), Value::String(text)) => {
            if !words.contains(&text.as_str()) {
                errors.add(path, format!("must be one of {}", words.join(", ")));
            }
            return value.clone();
        }
        (FieldKind::Whole { least }, Value::Number(number)) => {
            if !number.as_u64().is_some_and(|number| (*least..=u64::from(u32::MAX)).contains(&number)) {
                errors.add(path, format!("must be a whole number, {least} or more"));
            }
            return value.clone();
        }
        (FieldKind::Flag, Value::Bool(_))
        | (FieldKind::Number, Value::Number(_))
        | (FieldKind::AnyObject, Value::Object(_))
        | (FieldKind::Anything, _) => return value.clone(),
        (FieldKind::Fields(fields), Value::Object(_)) => return object(value, fields, path, errors).into(),
        (FieldKind::List(fields), Value::Array(items)) => {
            let item = |(index, item)| Value::from(object(item, fields, &format!("{path}[{index}]"), errors));
            return items.iter().enumerate().map(item).collect();
        }
        (FieldKind::Texts, Value::Array(items)) => {
            for (index, item) in items.iter().enumerate().filter(|(_, item)| !item.is_string()) {
                errors.add(format!("{path}[{index}]"), format!("must be text, this is {}", kind_of(item)));
            }
            return value.clone();
        }
        (FieldKind::Text { .. } | FieldKind::OneOf(_), _) => "text",
        (FieldKind::Flag, _) => "true or false",
        (FieldKind::Whole { .. } | FieldKind::Number, _) => "a number",
        (FieldKind::Texts | FieldKind::List(_), _) => "a list",
        (FieldKind::Fields(_) | FieldKind::AnyObject, _) => "an object",
    };
    errors.add(path, format!("must be {expected}, this is {}", kind_of(value)));
    value.clone()
}

/// An object with every optional key set to `null`.
pub fn empty(fields: &'static [Field]) -> Map<String, Value> {
    fields
        .iter()
        .filter(|field| field.name != "descr")
        .map(|field| (field.name.to_owned(), Value::Null))
        .collect()
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
