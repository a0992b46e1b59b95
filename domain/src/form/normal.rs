//! Any JSON, read by the table of fields: known keys only, every optional one there, and each mistake with its path.

use serde_json::{Map, Value};

use super::schema::{Field, Kind};
use crate::api::FieldError;

/// More than any list of a form has; what compares lists relies on it.
const MOST_ITEMS: usize = 1_000;
/// Nobody mends more at once.
const MOST_ERRORS: usize = 100;

#[derive(Default)]
pub struct Mistakes {
    pub errors: Vec<FieldError>,
}

impl Mistakes {
    pub fn add(&mut self, field: impl Into<String>, message: impl Into<String>) {
        if self.errors.len() < MOST_ERRORS {
            self.errors.push(FieldError { field: field.into(), message: message.into() });
        }
    }
}

/// `path` is where the object stands.
pub fn object(
    value: &Value,
    fields: &'static [Field],
    path: &str,
    mistakes: &mut Mistakes,
) -> Map<String, Value> {
    let Value::Object(given) = value else {
        mistakes.add(path, format!("must be an object, this is {}", kind_of(value)));
        return Map::new();
    };
    let mut normal = Map::new();
    for field in fields {
        let path = format!("{path}.{}", field.name);
        let value = match given.get(field.name) {
            None | Some(Value::Null) => {
                if field.required {
                    mistakes.add(path, "is required");
                }
                Value::Null
            }
            Some(value) => one(value, &field.kind, &path, mistakes),
        };
        // Alone among the optional keys, it was never there as null.
        if !(field.name == "descr" && value.is_null()) {
            normal.insert(field.name.to_owned(), value);
        }
    }
    normal
}

fn one(value: &Value, kind: &Kind, path: &str, mistakes: &mut Mistakes) -> Value {
    if let Value::Array(items) = value
        && matches!(kind, Kind::List(_) | Kind::Texts)
        && items.len() > MOST_ITEMS
    {
        mistakes.add(path, format!("must have at most {MOST_ITEMS} entries, this has {}", items.len()));
        return Value::Null;
    }
    let expected = match (kind, value) {
        (Kind::Text { most, shape, empty_allowed }, Value::String(text)) => {
            let length = text.chars().count();
            if length == 0 && !empty_allowed {
                mistakes.add(path, "must not be empty");
            } else if length > *most {
                mistakes.add(path, format!("must have at most {most} characters, this has {length}"));
            } else if let Some(shape) = shape.filter(|shape| length > 0 && !(shape.fits)(text)) {
                mistakes.add(path, shape.message);
            }
            return value.clone();
        }
        (Kind::OneOf(words), Value::String(text)) => {
            if !words.contains(&text.as_str()) {
                mistakes.add(path, format!("must be one of {}", words.join(", ")));
            }
            return value.clone();
        }
        (Kind::Whole { least }, Value::Number(number)) => {
            if !number.as_u64().is_some_and(|number| (*least..=u64::from(u32::MAX)).contains(&number)) {
                mistakes.add(path, format!("must be a whole number, {least} or more"));
            }
            return value.clone();
        }
        (Kind::Flag, Value::Bool(_))
        | (Kind::Number, Value::Number(_))
        | (Kind::AnyObject, Value::Object(_))
        | (Kind::Anything, _) => return value.clone(),
        (Kind::Fields(fields), Value::Object(_)) => return object(value, fields, path, mistakes).into(),
        (Kind::List(fields), Value::Array(items)) => {
            let item =
                |(index, item)| Value::from(object(item, fields, &format!("{path}[{index}]"), mistakes));
            return items.iter().enumerate().map(item).collect();
        }
        (Kind::Texts, Value::Array(items)) => {
            for (index, item) in items.iter().enumerate().filter(|(_, item)| !item.is_string()) {
                mistakes.add(format!("{path}[{index}]"), format!("must be text, this is {}", kind_of(item)));
            }
            return value.clone();
        }
        (Kind::Text { .. } | Kind::OneOf(_), _) => "text",
        (Kind::Flag, _) => "true or false",
        (Kind::Whole { .. } | Kind::Number, _) => "a number",
        (Kind::Texts | Kind::List(_), _) => "a list",
        (Kind::Fields(_) | Kind::AnyObject, _) => "an object",
    };
    mistakes.add(path, format!("must be {expected}, this is {}", kind_of(value)));
    value.clone()
}

/// An object with every optional key, as `null`.
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
