//! Which types of value a shape accepts, and how to name them.

use serde_json::{Number, Value as Json};

use super::{Shape, Types};
use crate::compose::yaml::{Node, Value};

pub fn accepts(shape: &Shape, node: &Node) -> bool {
    match shape {
        Shape::Any => true,
        Shape::Null => node.is_null(),
        Shape::Text => matches!(node.value, Value::String(_)),
        Shape::Scalar | Shape::Value(_) => {
            !is_collection(&node.value) && !matches!(node.value, Value::Null | Value::Timestamp(_))
        }
        Shape::List(_) | Shape::Unique(_) => matches!(node.value, Value::Sequence(_)),
        Shape::Keys(_) | Shape::Names(..) => matches!(node.value, Value::Mapping(_)),
        Shape::Or(shapes) => shapes.iter().any(|shape| accepts(shape, node)),
    }
}

fn is_collection(value: &Value) -> bool {
    matches!(value, Value::Sequence(_) | Value::Mapping(_))
}

pub fn fits(types: Types, value: &Value) -> bool {
    match (types, value) {
        (Types::Bool | Types::Number, Value::String(_)) => false,
        (_, Value::String(_))
        | (Types::TextOrInteger | Types::TextOrNumber | Types::Number, Value::Integer(_))
        | (Types::TextOrNumber | Types::Number, Value::Float(_))
        | (Types::TextOrBool | Types::Bool, Value::Bool(_)) => true,
        _ => false,
    }
}

/// The value that a fix writes.
pub fn typed_value(types: Types, text: &str) -> Json {
    let number = || match text.parse::<i64>() {
        Ok(number) => Some(Json::from(number)),
        Err(_) => text.parse().ok().and_then(Number::from_f64).map(Json::Number),
    };
    match types {
        Types::Bool | Types::TextOrBool if text == "true" || text == "false" => (text == "true").into(),
        Types::TextOrInteger | Types::TextOrNumber | Types::Number => number().unwrap_or_else(|| text.into()),
        _ => text.into(),
    }
}

pub fn takes_text(shape: &Shape) -> bool {
    match shape {
        Shape::Text | Shape::Scalar => true,
        Shape::Value(format) => !matches!(format.types, Types::Bool | Types::Number),
        Shape::Or(shapes) => shapes.iter().any(takes_text),
        _ => false,
    }
}

pub fn takes_list(shape: &Shape) -> bool {
    match shape {
        Shape::List(item) | Shape::Unique(item) => takes_text(item) || matches!(item, Shape::Or(_)),
        Shape::Or(shapes) => shapes.iter().any(takes_list),
        _ => false,
    }
}

/// The expected type, for messages.
pub fn wanted(shape: &Shape) -> String {
    let word = match shape {
        Shape::Or(shapes) => {
            let mut words: Vec<String> =
                shapes.iter().filter(|shape| !matches!(shape, Shape::Null)).map(wanted).collect();
            words.dedup();
            return match words.split_last() {
                Some((last, [])) => last.clone(),
                Some((last, before)) => format!("{} or {last}", before.join(", ")),
                None => String::new(),
            };
        }
        Shape::Value(format) => match format.types {
            Types::Text => "text",
            Types::TextOrInteger => "a whole number",
            Types::TextOrNumber | Types::Number => "a number",
            Types::TextOrBool | Types::Bool => "`true` or `false`",
        },
        Shape::Text => "text",
        Shape::Scalar => "one value",
        Shape::List(_) | Shape::Unique(_) => "a list",
        Shape::Keys(_) | Shape::Names(..) => "a mapping",
        Shape::Any => "a value",
        Shape::Null => "nothing",
    };
    word.to_owned()
}
