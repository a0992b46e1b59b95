//! Writes new values as text.

use serde_json::Value;

use super::habits::Habits;
use crate::compose::scalar::{self, Around, Quote};

/// Keys whose value is a list of words, usually written in one line.
const IN_ONE_LINE: &[&str] = &["test", "command", "entrypoint"];

/// Writes a value in one line. Collections are written in brackets.
pub fn inline(value: &Value, around: Around) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => scalar::write(text, Quote::None, around),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| inline(item, within(around))).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(entries) if entries.is_empty() => "{}".to_owned(),
        Value::Object(entries) => {
            let entries: Vec<String> =
                entries.iter().map(|(key, value)| inline_pair(key, value, within(around))).collect();
            let space = if around == Around::Json { "" } else { " " };
            format!("{{{space}{}{space}}}", entries.join(", "))
        }
    }
}

pub fn inline_pair(key: &str, value: &Value, around: Around) -> String {
    format!("{}: {}", scalar::write(key, Quote::None, around), inline(value, around))
}

fn within(around: Around) -> Around {
    if around == Around::Json { Around::Json } else { Around::Flow }
}

/// Writes `key: value` for a key at `column`. The first line is not indented, the others are.
pub fn pair(key: &str, value: &Value, column: usize, habits: &Habits) -> String {
    let written = scalar::write(key, Quote::None, Around::Block);
    format!("{written}:{}", after_colon(key, value, column, habits))
}

/// The text after the colon of a key at `column`, including the space or line break before it.
pub fn after_colon(key: &str, value: &Value, column: usize, habits: &Habits) -> String {
    match value {
        Value::Null => String::new(),
        Value::Object(entries) if !entries.is_empty() => {
            let column = column + habits.step;
            let lines = entries.iter().map(|(key, value)| pair(key, value, column, habits));
            lines.fold(String::new(), |out, line| format!("{out}{}{}{line}", habits.line_end, indent(column)))
        }
        Value::Array(items) if !items.is_empty() && !in_one_line(key, items) => {
            let column = column + habits.dash;
            let lines = items.iter().map(|value| item(value, column, habits));
            lines.fold(String::new(), |out, line| format!("{out}{}{}{line}", habits.line_end, indent(column)))
        }
        Value::Array(items) if in_one_line(key, items) && !items.is_empty() => {
            let words: Vec<String> = items.iter().map(quoted_word).collect();
            format!(" [{}]", words.join(", "))
        }
        value => format!(" {}", inline(value, Around::Block)),
    }
}

fn in_one_line(key: &str, items: &[Value]) -> bool {
    IN_ONE_LINE.contains(&key) && items.iter().all(|item| !item.is_array() && !item.is_object())
}

fn quoted_word(value: &Value) -> String {
    match value {
        Value::String(text) => scalar::write(text, Quote::Double, Around::Flow),
        other => inline(other, Around::Flow),
    }
}

/// Writes `- value` for a dash at `column`.
pub fn item(value: &Value, column: usize, habits: &Habits) -> String {
    match value {
        Value::Object(entries) if !entries.is_empty() => {
            let column = column + 2;
            let lines: Vec<String> =
                entries.iter().map(|(key, value)| pair(key, value, column, habits)).collect();
            format!("- {}", lines.join(&format!("{}{}", habits.line_end, indent(column))))
        }
        Value::String(text) => format!("- {}", item_text(text)),
        value => format!("- {}", inline(value, Around::Block)),
    }
}

/// Quotes the text only if a reader could misread it. This includes ports such as `8080:80`.
fn item_text(text: &str) -> String {
    scalar::write(text, Quote::None, Around::Block)
}

pub fn indent(column: usize) -> String {
    " ".repeat(column)
}
