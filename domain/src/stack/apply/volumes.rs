//! Edits of a service's mounts, in the short or long form that the file uses.

use serde_json::{Map, Value};

use super::Work;
use crate::{
    compose::{
        MountKind, mounts,
        yaml::{self, Node},
    },
    stack::Refusal,
};

pub fn add(
    work: &mut Work<'_>,
    service: &str,
    source: Option<&str>,
    target: &str,
    read_only: bool,
) -> Result<(), Refusal> {
    work.service(service)?;
    let source = source.filter(|source| !source.is_empty());
    check(source, target)?;
    let list = work.list(service, "volumes")?;
    let (count, long) = (list.len(), !list.is_empty() && list.iter().all(Value::is_object));
    let short = short_form(source, target, read_only);
    let value = if long || !says(&short, source, target, read_only) {
        long_form(source, target, read_only)
    } else {
        short.into()
    };
    if count == 0 {
        work.set(&["services", service, "volumes"], Value::from(vec![value]))?;
    } else {
        work.set(&["services", service, "volumes", &count.to_string()], value)?;
    }
    // The source was checked: a named volume has no variables in its name.
    match source {
        Some(name) if mounts::kind_of_source(name) == MountKind::Volume => declare(work, name),
        _ => Ok(()),
    }
}

/// Declares a volume unless the file already declares it.
pub fn declare(work: &mut Work<'_>, name: &str) -> Result<(), Refusal> {
    super::networks::declare_empty(work, "volumes", name)
}

pub fn remove(work: &mut Work<'_>, service: &str, index: usize) -> Result<(), Refusal> {
    work.service(service)?;
    if index >= work.list(service, "volumes")?.len() {
        return Err(Refusal::new(
            "volume-unknown",
            format!("`{service}` has no volume number {}", index + 1),
        ));
    }
    work.remove(&["services", service, "volumes", &index.to_string()])
}

fn check(source: Option<&str>, target: &str) -> Result<(), Refusal> {
    let invalid = |message: String| Err(Refusal::new("volume-invalid", message));
    if !(target.starts_with(['/', '$']) || target.get(1..2) == Some(":")) {
        return invalid(format!("`{target}` isn't a path inside the container: start it with `/`"));
    }
    if target.starts_with('/') && target.contains(':') {
        return invalid(format!("`{target}` contains a colon, which isn't possible here"));
    }
    if let Some(name) = source.filter(|name| mounts::kind_of_source(name) == MountKind::Volume) {
        let first = name.starts_with(|c: char| c.is_ascii_alphanumeric());
        if !first || !name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-')) {
            return invalid(format!(
                "`{name}` cannot name a volume: letters, digits, `_`, `.` and `-`. A path begins with `./` or `/`"
            ));
        }
    }
    Ok(())
}

fn short_form(source: Option<&str>, target: &str, read_only: bool) -> String {
    let mut text = source.map_or_else(|| target.to_owned(), |source| format!("{source}:{target}"));
    if read_only && source.is_some() {
        text.push_str(":ro");
    }
    text
}

/// Whether the short form is read back as intended. It cannot express a path with a colon, or an anonymous volume
/// that is read-only.
fn says(short: &str, source: Option<&str>, target: &str, read_only: bool) -> bool {
    let node = Node { value: yaml::Value::String(short.to_owned()), ..Node::default() };
    mounts::read(&node, 0).is_ok_and(|mount| {
        mount.source.as_deref() == source && mount.target == target && mount.read_only == read_only
    })
}

fn long_form(source: Option<&str>, target: &str, read_only: bool) -> Value {
    let kind = match source.map(mounts::kind_of_source) {
        Some(MountKind::Bind) => "bind",
        _ => "volume",
    };
    let mut entries = Map::new();
    entries.insert("type".to_owned(), kind.into());
    if let Some(source) = source {
        entries.insert("source".to_owned(), source.into());
    }
    entries.insert("target".to_owned(), target.into());
    if read_only {
        entries.insert("read_only".to_owned(), true.into());
    }
    Value::Object(entries)
}
