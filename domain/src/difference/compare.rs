//! Compares the facts of two files.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;
use serde_json::Value;

use super::{
    Detail, Kind, PartChange, Section, What,
    entries::container_port,
    facts::{self, Facts},
    hidden::is_hidden,
};
use crate::compose::yaml::Node;

/// Compose ignores it.
const WITHOUT_MEANING: &str = "version";

pub fn compare(before: &Node, after: &Node) -> Vec<PartChange> {
    let mut changes = of_file(before, after);
    for (key, section) in Section::NAMED {
        changes.append(&mut of_section(section, before.get(key), after.get(key)));
    }
    changes
}

/// The keys of the top level that have no named entries.
fn of_file(before: &Node, after: &Node) -> Vec<PartChange> {
    let other = |root: &Node| -> IndexMap<String, Facts> {
        let is_named = |key: &str| Section::NAMED.iter().any(|(name, _)| *name == key);
        let entries =
            root.entries().iter().filter(|entry| !is_named(&entry.key) && entry.key != WITHOUT_MEANING);
        entries.map(|entry| (entry.key.clone(), facts::of(Section::File, &entry.value))).collect()
    };
    parts(Section::File, &other(before), &other(after))
}

fn of_section(section: Section, before: Option<&Node>, after: Option<&Node>) -> Vec<PartChange> {
    let read = |node: Option<&Node>| -> IndexMap<String, Facts> {
        let entries = node.map(Node::entries).unwrap_or_default();
        entries.iter().map(|entry| (entry.key.clone(), facts::of(section, &entry.value))).collect()
    };
    parts(section, &read(before), &read(after))
}

fn parts(
    section: Section,
    before: &IndexMap<String, Facts>,
    after: &IndexMap<String, Facts>,
) -> Vec<PartChange> {
    let renamed = if section == Section::Services { renamed(before, after) } else { HashMap::new() };
    let new_names: HashSet<&str> = renamed.values().copied().collect();
    let mut changes = Vec::new();
    let mut push = |name: &str, what: What| changes.push(PartChange { section, name: name.to_owned(), what });
    for (name, facts) in before {
        match (after.get(name), renamed.get(name.as_str())) {
            (Some(now), _) => {
                let details = details(name, facts, now);
                if !details.is_empty() {
                    push(name, What::Changed { details });
                }
            }
            (None, Some(to)) => push(name, What::Renamed { to: (*to).to_owned() }),
            (None, None) => push(name, What::Removed),
        }
    }
    for (name, facts) in after.iter().filter(|(name, _)| !before.contains_key(*name)) {
        if !new_names.contains(name.as_str()) {
            let image = facts.get(["image".to_owned()].as_slice()).filter(|image| !is_hidden("image", image));
            push(name, What::Added { image: image.and_then(Value::as_str).map(str::to_owned) });
        }
    }
    changes
}

/// Old and new names of services whose content is the same, and that of no other service that came or went.
fn renamed<'n>(
    before: &'n IndexMap<String, Facts>,
    after: &'n IndexMap<String, Facts>,
) -> HashMap<&'n str, &'n str> {
    let mut gone: HashMap<String, Vec<&str>> = HashMap::new();
    let mut new: HashMap<String, Vec<&str>> = HashMap::new();
    for (name, facts) in before.iter().filter(|(name, _)| !after.contains_key(*name)) {
        gone.entry(content(facts)).or_default().push(name);
    }
    for (name, facts) in after.iter().filter(|(name, _)| !before.contains_key(*name)) {
        new.entry(content(facts)).or_default().push(name);
    }
    let pairs =
        gone.iter().filter_map(|(content, gone)| match (gone.as_slice(), new.get(content)?.as_slice()) {
            ([old], [new]) => Some((*old, *new)),
            _ => None,
        });
    pairs.collect()
}

/// The facts as a text that does not depend on their order.
fn content(facts: &Facts) -> String {
    let mut lines: Vec<String> =
        facts.iter().map(|(path, value)| format!("{path:?} {}", sorted(value))).collect();
    lines.sort();
    lines.join("\n")
}

fn sorted(value: &Value) -> Value {
    let mut value = value.clone();
    value.sort_all_objects();
    value
}

fn details(name: &str, before: &Facts, after: &Facts) -> Vec<Detail> {
    let moved = moved_ports(before, after);
    let targets: HashSet<&[String]> = moved.values().copied().collect();
    let mut details = Vec::new();
    for (path, old) in before {
        match after.get(path) {
            Some(new) if new == old => {}
            Some(new) => details.push(detail(name, path, Some(old), Some(new))),
            None => match moved.get(path.as_slice()) {
                Some(to) => details.push(port_moved(path, to)),
                None => details.push(detail(name, path, Some(old), None)),
            },
        }
    }
    for (path, new) in after.iter().filter(|(path, _)| !before.contains_key(*path)) {
        if !targets.contains(path.as_slice()) {
            details.push(detail(name, path, None, Some(new)));
        }
    }
    details
}

fn detail(name: &str, path: &[String], before: Option<&Value>, after: Option<&Value>) -> Detail {
    let kind = match (before, after) {
        (Some(_), Some(_)) => Kind::Changed,
        (None, _) => Kind::Added,
        (Some(_), None) => Kind::Removed,
    };
    let key = path.last().map_or(name, String::as_str);
    let hidden = [before, after].into_iter().flatten().any(|value| is_hidden(key, value));
    let shown = |value: Option<&Value>| value.filter(|value| !hidden && !value.is_null()).cloned();
    Detail { path: path.to_vec(), kind, before: shown(before), after: shown(after), hidden }
}

/// Ports that are published elsewhere now: the only one that went and the only one that came for a port of the
/// container.
fn moved_ports<'f>(before: &'f Facts, after: &'f Facts) -> HashMap<&'f [String], &'f [String]> {
    let gone = ports_only_in(before, after);
    let new = ports_only_in(after, before);
    let pairs = gone.iter().filter_map(|(port, gone)| match (gone.as_slice(), new.get(port)?.as_slice()) {
        ([old], [new]) if before.get(*old) == after.get(*new) => Some((*old, *new)),
        _ => None,
    });
    pairs.collect()
}

fn ports_only_in<'f>(facts: &'f Facts, other: &Facts) -> HashMap<&'f str, Vec<&'f [String]>> {
    let mut found: HashMap<&str, Vec<&[String]>> = HashMap::new();
    for path in facts.keys().filter(|path| !other.contains_key(*path)) {
        if let [key, mapping] = path.as_slice()
            && key == "ports"
        {
            found.entry(container_port(mapping)).or_default().push(path);
        }
    }
    found
}

fn port_moved(from: &[String], to: &[String]) -> Detail {
    let mapping = |path: &[String]| path.last().map(|mapping| Value::from(mapping.as_str()));
    Detail {
        path: from.to_vec(),
        kind: Kind::Changed,
        before: mapping(from),
        after: mapping(to),
        hidden: false,
    }
}
