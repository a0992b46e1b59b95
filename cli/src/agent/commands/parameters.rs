//! Reads the parameters of a command.

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::agent::{failure::Failure, work::Work};

pub fn read<T: DeserializeOwned>(work: &Work) -> Result<T, Failure> {
    T::deserialize(&work.command.parameters).map_err(|error| {
        Failure::new(
            "invalid-parameters",
            format!("the parameters of {} are invalid: {error}", work.command.r#type),
        )
    })
}

pub fn text<'w>(work: &'w Work, key: &str) -> Option<&'w str> {
    work.command.parameters.get(key).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty())
}

pub fn flag(work: &Work, key: &str, default: bool) -> bool {
    work.command.parameters.get(key).and_then(Value::as_bool).unwrap_or(default)
}

/// A number, clamped to `least` and `most`.
pub fn number(work: &Work, key: &str, default: i64, least: i64, most: i64) -> i64 {
    work.command.parameters.get(key).and_then(Value::as_i64).unwrap_or(default).clamp(least, most)
}
