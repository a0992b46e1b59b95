//! Edits of published ports, in the short or long form that the file uses.

use serde_json::{Map, Value};

use super::Work;
use crate::{
    compose::{ports, variables::with_defaults},
    stack::{PortSpec, Refusal},
};

pub fn add(work: &mut Work<'_>, service: &str, port: &PortSpec) -> Result<(), Refusal> {
    work.service(service)?;
    let short = checked(port)?;
    let list = work.list(service, "ports")?;
    let (count, long) = (list.len(), list.iter().all(Value::is_object));
    if count == 0 {
        return work.set(&["services", service, "ports"], Value::from(vec![short]));
    }
    let value = if long && !is_range(&port.target) { long_form(port) } else { short.into() };
    work.set(&["services", service, "ports", &count.to_string()], value)
}

pub fn set(work: &mut Work<'_>, service: &str, index: usize, port: &PortSpec) -> Result<(), Refusal> {
    let short = checked(port)?;
    let place = index.to_string();
    let old = item(work, service, index)?;
    let Value::Object(old) = old else {
        return work.set(&["services", service, "ports", &place], short);
    };
    if is_range(&port.target) {
        let message = format!(
            "an entry in the long form has one container port, and `{}` is a range: write the entry in the short form first",
            port.target
        );
        return Err(Refusal::new("port-invalid", message));
    }
    let Value::Object(new) = long_form(port) else { return Ok(()) };
    for key in ["target", "published", "host_ip", "protocol"] {
        let path = ["services", service, "ports", &place, key];
        match (old.get(key), new.get(key)) {
            (Some(old), Some(new)) if text(old) == text(new) => {}
            (Some(Value::Number(_)), Some(new)) => work.set(&path, number(&text(new)))?,
            (_, Some(new)) => work.set(&path, new.clone())?,
            // The file may name the default protocol explicitly.
            (Some(old), None) if key == "protocol" && old == "tcp" => {}
            (Some(_), None) => work.remove(&path)?,
            (None, None) => {}
        }
    }
    Ok(())
}

pub fn remove(work: &mut Work<'_>, service: &str, index: usize) -> Result<(), Refusal> {
    item(work, service, index)?;
    work.remove(&["services", service, "ports", &index.to_string()])
}

fn item(work: &mut Work<'_>, service: &str, index: usize) -> Result<Value, Refusal> {
    work.service(service)?;
    work.list(service, "ports")?
        .get(index)
        .cloned()
        .ok_or_else(|| Refusal::new("port-unknown", format!("`{service}` has no port number {}", index + 1)))
}

/// The short form, if it is valid when variables are replaced by their defaults.
fn checked(port: &PortSpec) -> Result<String, Refusal> {
    let text = short_form(port);
    ports::short(&text).map(|_| text).map_err(|problem| Refusal::new("port-invalid", problem))
}

/// Whether these are several ports, which the long form cannot express.
fn is_range(target: &str) -> bool {
    let target = with_defaults(target);
    target.is_some_and(|target| target.contains('-'))
}

fn given(field: Option<&String>) -> Option<&str> {
    field.map(String::as_str).filter(|text| !text.is_empty())
}

fn short_form(port: &PortSpec) -> String {
    let mut text = String::new();
    if let Some(ip) = given(port.host_ip.as_ref()) {
        text = if ip.contains(':') && !ip.starts_with('[') { format!("[{ip}]:") } else { format!("{ip}:") };
    }
    match given(port.published.as_ref()) {
        Some(published) => text = format!("{text}{published}:"),
        None if !text.is_empty() => text.push(':'),
        None => {}
    }
    text.push_str(&port.target);
    if let Some(protocol) = given(port.protocol.as_ref()).filter(|protocol| *protocol != "tcp") {
        text = format!("{text}/{protocol}");
    }
    text
}

fn long_form(port: &PortSpec) -> Value {
    let mut entries = Map::new();
    entries.insert("target".to_owned(), number(&port.target));
    for (key, field) in
        [("published", &port.published), ("host_ip", &port.host_ip), ("protocol", &port.protocol)]
    {
        if let Some(text) = given(field.as_ref()) {
            // Only the short form needs brackets, because colons separate its parts.
            let text = if key == "host_ip" { text.trim_matches(['[', ']']) } else { text };
            entries.insert(key.to_owned(), text.into());
        }
    }
    Value::Object(entries)
}

fn number(text: &str) -> Value {
    text.parse::<u16>().map_or_else(|_| text.into(), Value::from)
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
