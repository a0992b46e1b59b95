//! The entries of a service's `volumes`, in the short form `[source:]target[:mode]` and in the long form
//! (<https://github.com/compose-spec/compose-spec/blob/main/05-services.md#volumes>).

use super::{
    model::{Mount, MountKind},
    variables,
    yaml::{Node, Value},
};

pub fn read(node: &Node, index: usize) -> Result<Mount, String> {
    match &node.value {
        Value::Mapping(_) => long(node, index),
        Value::String(text) => short(text, node, index),
        _ => Err(format!("`volumes` needs text such as `data:/var/lib/data`, this is {}", node.kind())),
    }
}

fn short(text: &str, node: &Node, index: usize) -> Result<Mount, String> {
    if text.is_empty() {
        return Err(
            "This mount is empty: write one such as `data:/var/lib/data`, or remove the line".to_owned()
        );
    }
    let filled = variables::with_defaults(text).filter(|filled| !filled.is_empty());
    let (source, target, mode) = match filled.as_deref().map(|filled| (split(filled), split(text))) {
        // The parts as they are written, if Compose finds the same ones once the variables have their defaults.
        Some((meant, written)) if meant.len() == written.len() => three(text, &written)?,
        Some((meant, _)) => three(text, &meant)?,
        None => three(text, &split(text))?,
    };
    Ok(Mount {
        kind: source.map_or(MountKind::Volume, kind_of_source),
        source: source.map(str::to_owned),
        target: target.to_owned(),
        read_only: mode.split(',').any(|option| option == "ro"),
        text: Some(text.to_owned()),
        place: node.here(),
        index,
    })
}

/// Source, target and options. Compose rejects empty parts and a fourth one.
fn three<'t>(text: &str, parts: &[&'t str]) -> Result<(Option<&'t str>, &'t str, &'t str), String> {
    if parts.iter().any(|part| part.is_empty()) {
        return Err(format!("A part of `{text}` is empty: write a mount such as `data:/var/lib/data`"));
    }
    match *parts {
        [target] => Ok((None, target, "")),
        [source, target] => Ok((Some(source), target, "")),
        [source, target, mode] => Ok((Some(source), target, mode)),
        _ => Err(format!("`{text}` has too many colons: write a mount such as `data:/var/lib/data:ro`")),
    }
}

/// Whether a source is a path or the name of a volume, as Compose tells them apart: a path begins with a dot, a slash, a
/// tilde, two backslashes or a drive letter, so `data/db` is a name. A variable counts with its default value; one
/// without a default is expected to hold a path.
pub fn kind_of_source(source: &str) -> MountKind {
    let filled = if source.contains('$') { variables::with_defaults(source) } else { None };
    let known = filled.as_deref().unwrap_or(source);
    let drive = known.split_once(':').is_some_and(|(drive, _)| is_letter(drive));
    let path = known.starts_with(['.', '/', '~', '$']) || known.starts_with("\\\\") || drive;
    if path { MountKind::Bind } else { MountKind::Volume }
}

impl Mount {
    /// The name of the volume that is mounted, with variables replaced by their defaults. `None` for everything that is
    /// no named volume, and if a variable has no default.
    pub fn volume_name(&self) -> Option<String> {
        if self.kind != MountKind::Volume {
            return None;
        }
        variables::with_defaults(self.source.as_deref()?).filter(|name| !name.is_empty())
    }

    /// The path inside the container, without slashes at its end; `None` if a variable has no default.
    pub fn mount_point(&self) -> Option<String> {
        mount_point(&self.target)
    }
}

/// A path inside the container as Compose compares it: `.` and `..` are followed, and slashes at the end do not count.
/// `None` if a variable has no default.
pub fn mount_point(target: &str) -> Option<String> {
    let target = variables::with_defaults(target)?;
    if !target.starts_with('/') {
        return Some(target);
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    Some(format!("/{}", parts.join("/")))
}

/// Splits a short form at its colons, as Compose does: a colon after a single letter belongs to a drive of Windows, so
/// `v:/v` has one part. A variable counts with its default value, and no colon of its own splits.
pub fn split(text: &str) -> Vec<&str> {
    // Compose does not look at so short a text.
    if text.len() < 3 {
        return vec![text];
    }
    let mut parts = Vec::new();
    let (mut start, mut depth) = (0, 0usize);
    let bytes = text.as_bytes();
    for (at, c) in text.char_indices() {
        match c {
            '{' if at > 0 && bytes[at - 1] == b'$' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ':' if depth == 0 && !is_drive(&text[start..at]) => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

/// Whether what stands before a colon names a drive.
fn is_drive(part: &str) -> bool {
    match part.contains('$') {
        true => variables::with_defaults(part).is_some_and(|filled| is_letter(&filled)),
        false => is_letter(part),
    }
}

fn is_letter(text: &str) -> bool {
    let mut letters = text.chars();
    letters.next().is_some_and(char::is_alphabetic) && letters.next().is_none()
}

fn long(node: &Node, index: usize) -> Result<Mount, String> {
    let field = |key: &str| node.get(key).and_then(Node::text);
    let type_of = field("type").map(|kind| variables::with_defaults(&kind).unwrap_or(kind));
    let kind = match type_of.as_deref() {
        Some("bind") => MountKind::Bind,
        Some("volume") => MountKind::Volume,
        Some("tmpfs") => MountKind::Tmpfs,
        Some("npipe") => MountKind::Npipe,
        Some("cluster") => MountKind::Cluster,
        Some("image") => MountKind::Image,
        // A variable without a default may hold every type.
        Some(other) if !other.contains('$') => {
            return Err(format!(
                "`type` can't be `{other}`: use `volume`, `bind`, `tmpfs`, `image`, `npipe` or `cluster`"
            ));
        }
        _ => field("source").as_deref().map_or(MountKind::Volume, kind_of_source),
    };
    let Some(target) = field("target") else {
        return Err("`target` is missing: a volume needs the path inside the container".to_owned());
    };
    if kind == MountKind::Bind && field("source").is_none_or(|source| source.is_empty()) {
        return Err(
            "`source` is missing: a bind mount needs the path of a folder or file on the host".to_owned()
        );
    }
    Ok(Mount {
        kind,
        source: field("source"),
        target,
        read_only: node.get("read_only").is_some_and(|node| node.value == Value::Bool(true)),
        text: None,
        place: node.here(),
        index,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drives_and_variables_are_not_split() {
        assert_eq!(split("C:\\data:/data:ro"), ["C:\\data", "/data", "ro"]);
        assert_eq!(split("${DIR:-./data}:/data"), ["${DIR:-./data}", "/data"]);
        assert_eq!(split("/data"), ["/data"]);
        assert_eq!(split("data:c:/x:ro"), ["data", "c:/x", "ro"]);
    }

    #[test]
    fn one_letter_before_a_colon_is_a_drive() {
        for text in ["v:/v", "é:/v", "${V:-v}:/v", "v:", "::"] {
            assert_eq!(split(text), [text]);
        }
        assert_eq!(split("v:/v:ro"), ["v:/v", "ro"]);
        assert_eq!(split("1:/v"), ["1", "/v"]);
        assert_eq!(split("${V}:/v"), ["${V}", "/v"]);
    }

    fn parts(text: &str) -> Result<(MountKind, Option<String>, String, bool), String> {
        let node = Node { value: Value::String(text.to_owned()), ..Node::default() };
        read(&node, 0).map(|mount| (mount.kind, mount.source, mount.target, mount.read_only))
    }

    #[test]
    fn a_default_value_may_hold_several_parts() {
        let bind = |text: &str| (MountKind::Bind, Some("./a".to_owned()), text.to_owned(), false);
        assert_eq!(parts("${M:-./a:/b}"), Ok(bind("/b")));
        assert_eq!(
            parts("${M:-./a}:/b"),
            Ok((MountKind::Bind, Some("${M:-./a}".into()), "/b".into(), false))
        );
        assert_eq!(parts("v:/v"), Ok((MountKind::Volume, None, "v:/v".into(), false)));
        assert_eq!(parts("v:/v:/w"), Ok((MountKind::Bind, Some("v:/v".into()), "/w".into(), false)));
        assert!(parts("data:/v:ro:z").is_err() && parts("data::/v").is_err());
    }

    #[test]
    fn names_are_volumes_and_paths_are_binds() {
        for name in ["data", "data/db", "${VOL:-cache}", "${VOL-data}-x", "a${B}"] {
            assert_eq!(kind_of_source(name), MountKind::Volume, "{name}");
        }
        for path in
            ["./data", "/data", "~/data", "../x", "${DIR}/x", "C:\\x", "${DIR:-./data}", "${DIR:-/a}/b"]
        {
            assert_eq!(kind_of_source(path), MountKind::Bind, "{path}");
        }
    }
}
