//! Turns services and resources into facts.

use indexmap::IndexMap;
use serde_json::{Value, json};

use super::{
    Section, entries,
    scalars::{drop_default, fields, listed, or_null, plain},
};
use crate::compose::yaml::{self, Entry, Node};

/// What a service or a resource states: values by path. A value of `null` means that the path itself is the statement,
/// as for an entry of `networks`.
pub type Facts = IndexMap<Vec<String>, Value>;

/// Lists whose order has no meaning.
const SETS: &[&str] = &[
    "profiles",
    "cap_add",
    "cap_drop",
    "group_add",
    "security_opt",
    "links",
    "external_links",
    "devices",
    "volumes_from",
    "device_cgroup_rules",
];
/// Mappings that can be written as lists of `KEY=value`.
const PAIRS: &[&str] = &["environment", "labels", "annotations", "sysctls", "args", "driver_opts"];
/// Lists that can be written as a single value.
const LISTS: &[&str] = &["dns", "dns_search", "tmpfs", "label_file"];
/// Values that are nested more deeply, or below longer keys, are compared as a whole: every fact repeats its path.
const DEEPEST: usize = 12;
const LONGEST: usize = 300;
/// Texts that can be written as a mapping with this key.
const SHORTHANDS: &[(&str, &str)] = &[("build", "context"), ("extends", "service")];

pub fn of(section: Section, node: &Node) -> Facts {
    let mut facts = Facts::new();
    match section {
        Section::Services => {
            for entry in node.entries() {
                service_key(&mut facts, entry);
            }
            if node
                .get("networks")
                .is_none_or(|networks| networks.entries().is_empty() && networks.items().is_empty())
                && node.get("network_mode").is_none()
            {
                facts.insert(path(&["networks", "default"]), Value::Null);
            }
        }
        Section::File => add(&mut facts, &[], node),
        _ => resource(&mut facts, node),
    }
    facts
}

fn service_key(facts: &mut Facts, entry: &Entry) {
    let (key, node) = (entry.key.as_str(), &entry.value);
    let list = |one: fn(&Node) -> (String, Value)| {
        listed(node).into_iter().map(move |item| {
            let (name, value) = one(item);
            (path(&[key, &name]), value)
        })
    };
    match key {
        "ports" => facts.extend(list(entries::port)),
        "volumes" => facts.extend(list(entries::mount)),
        "expose" => facts.extend(list(entries::exposed)),
        "configs" | "secrets" => facts.extend(list(entries::grant)),
        "networks" | "models" => named(facts, key, node, &|value| or_null(fields(value))),
        "depends_on" => named(facts, key, node, &entries::dependency),
        "extra_hosts" => {
            facts.extend(entries::hosts(node).into_iter().map(|(name, to)| (path(&[key, &name]), to)))
        }
        "env_file" => {
            facts.insert(path(&[key]), listed(node).into_iter().map(entries::env_file).collect());
        }
        "ulimits" => named(facts, key, node, &entries::limit),
        key if SETS.contains(&key) => {
            facts.extend(listed(node).into_iter().map(|item| match &plain(item) {
                Value::String(text) => (path(&[key, text]), Value::Null),
                other => (path(&[key, &other.to_string()]), Value::Null),
            }));
        }
        _ => add(facts, &[key], node),
    }
}

/// A list of names, or a mapping of names to settings.
fn named(facts: &mut Facts, key: &str, node: &Node, value: &dyn Fn(&Node) -> Value) {
    let nothing = Node::default();
    for entry in node.entries() {
        facts.insert(path(&[key, &entry.key]), value(&entry.value));
    }
    for name in listed(node).into_iter().filter_map(Node::text) {
        facts.insert(path(&[key, &name]), value(&nothing));
    }
}

/// Any other value, key by key.
fn add(facts: &mut Facts, at: &[&str], node: &Node) {
    let key = at.last().copied().unwrap_or_default();
    let below = |name: &str| at.iter().copied().chain([name]).map(str::to_owned).collect::<Vec<_>>();
    if PAIRS.contains(&key) {
        for (name, value) in entries::pairs(node, key) {
            facts.insert(below(&name), value);
        }
        return;
    }
    let shorthand = SHORTHANDS.iter().find(|(name, _)| at == [*name].as_slice());
    if let (Some((_, inner)), Some(text)) = (shorthand, node.text()) {
        facts.insert(below(inner), text.into());
        return;
    }
    match &node.value {
        yaml::Value::Null => {}
        yaml::Value::Mapping(_)
            if at.len() > DEEPEST || at.iter().map(|step| step.len()).sum::<usize>() > LONGEST =>
        {
            facts.insert(path(at), plain(node));
        }
        yaml::Value::Mapping(entries) => {
            for entry in entries {
                let at: Vec<&str> = at.iter().copied().chain([entry.key.as_str()]).collect();
                add(facts, &at, &entry.value);
            }
        }
        yaml::Value::Sequence(_) => {
            facts.insert(path(at), plain(node));
        }
        _ if at == ["healthcheck", "test"] => {
            facts.insert(path(at), json!(["CMD-SHELL", node.text().unwrap_or_default()]));
        }
        _ if LISTS.contains(&key) => {
            facts.insert(path(at), json!([node.text().unwrap_or_default()]));
        }
        _ => {
            facts.insert(path(at), plain(node));
        }
    }
}

/// `external: {name: x}` is the old notation for `external: true` and `name: x`.
fn resource(facts: &mut Facts, node: &Node) {
    for entry in node.entries() {
        match (entry.key.as_str(), entry.value.get("name")) {
            ("external", Some(name)) => {
                facts.insert(path(&["external"]), "true".into());
                facts.insert(path(&["name"]), plain(name));
            }
            ("external", None) => {
                let mut external = fields(node);
                drop_default(&mut external, "external", "false");
                if let Some(value) = external.remove("external") {
                    facts.insert(path(&["external"]), value);
                }
            }
            (key, _) => add(facts, &[key], &entry.value),
        }
    }
}

fn path(steps: &[&str]) -> Vec<String> {
    steps.iter().map(|step| (*step).to_owned()).collect()
}
