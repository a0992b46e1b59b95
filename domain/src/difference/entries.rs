//! Entries of lists and mappings that have several notations, each as a name and a value.

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::scalars::{drop_default, fields, listed, or_null, plain, take};
use crate::compose::{
    MountKind,
    mounts::{self, kind_of_source},
    ports, variables,
    yaml::{self, Node},
};

/// `environment` and its like: a mapping, or a list of `KEY=value`. Of a key that is repeated, the last one counts.
pub fn pairs(node: &Node, kind: &str) -> IndexMap<String, Value> {
    // A variable without a value comes from outside; everything else is then empty.
    let missing = || if matches!(kind, "environment" | "args") { Value::Null } else { "".into() };
    let mapped = node.entries().iter().map(|entry| {
        let value = if entry.value.is_null() { missing() } else { plain(&entry.value) };
        (entry.key.clone(), value)
    });
    let listed = node.items().iter().filter_map(Node::text).map(|text| match text.split_once('=') {
        Some((name, value)) => (name.to_owned(), value.into()),
        None => (text, missing()),
    });
    mapped.chain(listed).collect()
}

/// An entry of `ports`, named by its mapping: `127.0.0.1:8080:80/udp`.
pub fn port(node: &Node) -> (String, Value) {
    let mut fields = fields(node);
    let text = match &node.value {
        yaml::Value::Mapping(_) => {
            let ip = take(&mut fields, "host_ip");
            let ip =
                ip.map(|ip| if ip.contains(':') && !ip.starts_with('[') { format!("[{ip}]") } else { ip });
            let published = take(&mut fields, "published").filter(|port| !port.is_empty());
            let target = take(&mut fields, "target").unwrap_or_default();
            let protocol = take(&mut fields, "protocol").unwrap_or_else(|| "tcp".to_owned());
            let host = match (ip, published) {
                (Some(ip), published) => format!("{ip}:{}:", published.unwrap_or_default()),
                (None, Some(published)) => format!("{published}:"),
                (None, None) => String::new(),
            };
            drop_default(&mut fields, "mode", "ingress");
            format!("{host}{target}/{protocol}")
        }
        _ => node.text().unwrap_or_default(),
    };
    (mapping(&text), or_null(fields))
}

/// The mapping in its shortest notation. Variables stay as they are.
fn mapping(text: &str) -> String {
    let Some(read) = (!text.contains('$')).then(|| ports::parse(text).ok()).flatten() else {
        return text.strip_suffix("/tcp").unwrap_or(text).to_owned();
    };
    let range = |(first, last): (u16, u16)| match first == last {
        true => first.to_string(),
        false => format!("{first}-{last}"),
    };
    let published = read.published.map(range).unwrap_or_default();
    let host = match read.host_ip {
        Some(ip) if ip.contains(':') => format!("[{ip}]:{published}:"),
        Some(ip) => format!("{ip}:{published}:"),
        None if published.is_empty() => String::new(),
        None => format!("{published}:"),
    };
    let protocol = match read.protocol.as_str() {
        "tcp" => String::new(),
        other => format!("/{other}"),
    };
    format!("{host}{}{protocol}", range(read.target))
}

/// The part of a mapping that is inside the container: `80/udp`.
pub fn container_port(mapping: &str) -> &str {
    // The colons of a variable, `${PORT:-80}`, separate nothing.
    let mut depth = 0usize;
    let mut start = 0;
    for (at, c) in mapping.char_indices() {
        match c {
            '{' | '[' => depth += 1,
            '}' | ']' => depth = depth.saturating_sub(1),
            ':' if depth == 0 => start = at + 1,
            _ => {}
        }
    }
    &mapping[start..]
}

pub fn exposed(node: &Node) -> (String, Value) {
    let text = node.text().unwrap_or_else(|| plain(node).to_string());
    (text.strip_suffix("/tcp").unwrap_or(&text).to_owned(), Value::Null)
}

/// An entry of `volumes`, named by its target. The value is the short notation, if it has one.
pub fn mount(node: &Node) -> (String, Value) {
    let Ok(mount) = mounts::read(node, 0) else { return (plain(node).to_string(), Value::Null) };
    let target = match mount.target.contains('$') {
        true => mount.target.clone(),
        false => mounts::mount_point(&mount.target).unwrap_or_else(|| mount.target.clone()),
    };
    let mut more = match &mount.text {
        Some(text) => options(text, mount.kind),
        None => long_options(node),
    };
    let is_usual = match &mount.source {
        Some(source) => kind_of_source(source) == mount.kind,
        None => mount.kind == MountKind::Volume,
    };
    let source = mount.source.as_ref().map(|source| format!("{source}:")).unwrap_or_default();
    let mode = if mount.read_only { ":ro" } else { "" };
    let short = format!("{source}{target}{mode}");
    if is_usual && more.is_empty() {
        return (target, short.into());
    }
    if !is_usual {
        more.insert("type".to_owned(), format!("{:?}", mount.kind).to_lowercase().into());
    }
    more.insert("mount".to_owned(), short.into());
    more.sort_keys();
    (target, Value::Object(more))
}

/// The options of the short notation, in the words of the long one.
fn options(text: &str, kind: MountKind) -> Map<String, Value> {
    let mut found = Map::new();
    let filled = variables::with_defaults(text);
    let parts = mounts::split(filled.as_deref().unwrap_or(text));
    let [_, _, mode] = parts.as_slice() else { return found };
    for option in mode.split(',') {
        let (key, value) = match option {
            "ro" | "rw" | "" => continue,
            "z" | "Z" => ("bind.selinux", option),
            "nocopy" if kind == MountKind::Volume => ("volume.nocopy", "true"),
            "cached" | "delegated" | "consistent" => ("consistency", option),
            option
                if option.ends_with("private") || option.ends_with("shared") || option.ends_with("slave") =>
            {
                ("bind.propagation", option)
            }
            option => (option, "true"),
        };
        found.insert(key.to_owned(), value.into());
    }
    found
}

fn long_options(node: &Node) -> Map<String, Value> {
    let mut found = Map::new();
    for entry in node.entries() {
        match (entry.key.as_str(), &entry.value.value) {
            ("type" | "source" | "target" | "read_only", _) | (_, yaml::Value::Null) => {}
            (key, yaml::Value::Mapping(inner)) => {
                let set = inner.iter().filter(|entry| !entry.value.is_null());
                found.extend(set.map(|entry| (format!("{key}.{}", entry.key), plain(&entry.value))));
            }
            (key, _) => {
                found.insert(key.to_owned(), plain(&entry.value));
            }
        }
    }
    drop_default(&mut found, "bind.create_host_path", "true");
    drop_default(&mut found, "volume.nocopy", "false");
    found
}

/// The condition of a dependency, with what is not usual.
pub fn dependency(node: &Node) -> Value {
    let mut fields = fields(node);
    drop_default(&mut fields, "required", "true");
    drop_default(&mut fields, "restart", "false");
    let condition = take(&mut fields, "condition").unwrap_or_else(|| "service_started".to_owned());
    if fields.is_empty() {
        return condition.into();
    }
    fields.insert("condition".to_owned(), condition.into());
    Value::Object(fields)
}

/// An entry of a service's `secrets` or `configs`.
pub fn grant(node: &Node) -> (String, Value) {
    let mut fields = fields(node);
    let source = take(&mut fields, "source").or_else(|| node.text()).unwrap_or_default();
    // The same source may be given several times, in different places.
    let name = match fields.get("target").and_then(Value::as_str) {
        Some(target) => format!("{source}:{target}"),
        None => source,
    };
    fields.remove("target");
    (name, or_null(fields))
}

pub fn env_file(node: &Node) -> Value {
    let mut fields = fields(node);
    drop_default(&mut fields, "required", "true");
    match (take(&mut fields, "path"), fields.is_empty()) {
        (Some(path), true) => path.into(),
        _ => plain(node),
    }
}

/// `nofile: 5` sets both limits.
pub fn limit(node: &Node) -> Value {
    match (plain(node), node.get("soft").and_then(Node::text), node.get("hard").and_then(Node::text)) {
        (Value::Object(_), Some(soft), Some(hard)) if soft == hard => soft.into(),
        (value, ..) => value,
    }
}

/// `extra_hosts`: a mapping of names to addresses, or a list of `name=address` or `name:address`.
pub fn hosts(node: &Node) -> IndexMap<String, Value> {
    let mut found: IndexMap<String, Vec<String>> = IndexMap::new();
    let bare = |address: &str| address.trim_start_matches('[').trim_end_matches(']').to_owned();
    for entry in node.entries() {
        let addresses = listed(&entry.value).into_iter().filter_map(Node::text);
        found.entry(entry.key.clone()).or_default().extend(addresses.map(|address| bare(&address)));
    }
    for text in node.items().iter().filter_map(Node::text) {
        let (name, address) = text.split_once('=').or_else(|| text.split_once(':')).unwrap_or((&text, ""));
        found.entry(name.to_owned()).or_default().push(bare(address));
    }
    found.into_iter().map(|(name, addresses)| (name, addresses.join(", ").into())).collect()
}
