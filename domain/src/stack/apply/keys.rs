//! Edits of single keys of a service, and of any key by its path.

use serde_json::Value;

use super::Work;
use crate::{
    compose::{ImageReference, change::Change},
    stack::Refusal,
};

pub fn set_image(work: &mut Work<'_>, service: &str, image: &str) -> Result<(), Refusal> {
    work.service(service)?;
    if let Some(problem) = ImageReference::read(image).problem() {
        return Err(Refusal::new("image-invalid", problem));
    }
    work.set(&["services", service, "image"], image)
}

pub fn set_restart(work: &mut Work<'_>, service: &str, restart: Option<&str>) -> Result<(), Refusal> {
    let Some(restart) = restart else { return remove(work, service, "restart") };
    work.service(service)?;
    let counted = restart.strip_prefix("on-failure:").is_some_and(|count| count.parse::<u32>().is_ok());
    let known = matches!(restart, "no" | "always" | "unless-stopped" | "on-failure");
    if !(known || counted || restart.contains('$')) {
        return Err(Refusal::new(
            "restart-invalid",
            format!(
                "`restart` can't be `{restart}`: use `no`, `always`, `unless-stopped`, `on-failure` or `on-failure:3`"
            ),
        ));
    }
    work.set(&["services", service, "restart"], restart)
}

pub fn set_command(work: &mut Work<'_>, service: &str, key: &str, command: &Value) -> Result<(), Refusal> {
    work.service(service)?;
    let words = command.as_array().is_some_and(|words| words.iter().all(Value::is_string));
    match command {
        Value::Null => remove(work, service, key),
        Value::String(line) if line.is_empty() => remove(work, service, key),
        Value::String(_) => work.set(&["services", service, key], command.clone()),
        Value::Array(_) if words => work.set(&["services", service, key], command.clone()),
        _ => Err(Refusal::new("command-invalid", format!("`{key}` must be a line, or a list of words"))),
    }
}

/// Removes a key of a service. It does nothing if the key is missing.
pub fn remove(work: &mut Work<'_>, service: &str, key: &str) -> Result<(), Refusal> {
    work.service(service)?;
    let path = ["services", service, key];
    if work.value(&path).is_none() { Ok(()) } else { work.remove(&path) }
}

pub fn set_any(work: &mut Work<'_>, path: &[String], value: &Value) -> Result<(), Refusal> {
    if path.is_empty() || path.iter().any(|step| step.is_empty()) {
        return Err(Refusal::new("path-invalid", "the path has no steps, or an empty one"));
    }
    let change = Change::Set { path: path.to_vec(), value: value.clone() };
    // A text that stays is written so that no reader of YAML misreads it.
    if value.is_string() {
        work.draft().spell_out(&change)?;
    }
    work.change(&change)
}

pub fn remove_any(work: &mut Work<'_>, path: &[String]) -> Result<(), Refusal> {
    if path.is_empty() {
        return Err(Refusal::new("path-invalid", "the path has no steps"));
    }
    work.change(&Change::Remove { path: path.to_vec() })
}
