//! Which entries of a list are the same, so that a later one takes the place of an earlier one.

use std::collections::HashMap;

use crate::compose::{
    mounts::{self, mount_point},
    ports,
    yaml::{Node, Value},
};

/// More ports of one range are not compared one by one.
const MOST_PORTS: u16 = 1_000;

/// What an entry is known by. It may be several things: a range of ports is each of its ports.
pub type Identity = fn(&Node) -> Vec<String>;

/// `None` if every entry of the list counts.
pub fn identity(path: &[&str]) -> Option<Identity> {
    let identity: Identity = match path {
        ["services", _, rest @ ..] => match rest {
            ["ports"] => port,
            ["volumes"] => volume,
            ["devices"] => device,
            ["secrets"] => |node| granted(node, "/run/secrets/"),
            ["configs"] => |node| granted(node, "/"),
            ["env_file"] => |node| vec![field_or_text(node, "path")],
            ["environment" | "labels" | "annotations" | "sysctls"]
            | ["build", "args" | "labels" | "additional_contexts"]
            | ["deploy", "labels"]
            | ["depends_on" | "networks" | "models"]
            | [
                "cap_add" | "cap_drop" | "dns" | "dns_opt" | "dns_search" | "expose" | "links" | "profiles"
                | "tmpfs",
            ]
            | ["build", "platforms" | "tags"]
            | ["networks", _, "aliases" | "link_local_ips"] => key,
            _ => return None,
        },
        ["networks" | "volumes", _, "labels"] => key,
        _ => return None,
    };
    Some(identity)
}

/// Each entry once. The last one of several that are the same counts, at the place of the first.
pub fn unique(items: Vec<Node>, identity: Identity) -> Vec<Node> {
    let mut kept: Vec<Option<Node>> = Vec::with_capacity(items.len());
    // Where each identity is, and how many identities that entry has.
    let mut known: HashMap<String, (usize, usize)> = HashMap::new();
    for item in items {
        let own = identity(&item);
        let places: Vec<Option<(usize, usize)>> = own.iter().map(|one| known.get(one).copied()).collect();
        let first = places.iter().flatten().next().copied();
        let is_part = !own.is_empty()
            && places.iter().all(|place| place.is_some_and(|(at, _)| Some(at) == first.map(|(at, _)| at)));
        match first {
            // One port of a range that is there already.
            Some((_, size)) if is_part && size > own.len() => {}
            Some((at, _)) if places.iter().flatten().all(|(_, size)| *size == 1) || is_part => {
                for (other, _) in places.iter().flatten() {
                    kept[*other] = None;
                }
                known.extend(own.iter().map(|one| (one.clone(), (at, own.len()))));
                kept[at] = Some(item);
            }
            _ => {
                known.extend(own.iter().map(|one| (one.clone(), (kept.len(), own.len()))));
                kept.push(Some(item));
            }
        }
    }
    kept.into_iter().flatten().collect()
}

fn text(node: &Node) -> String {
    node.text().unwrap_or_else(|| node.to_json().to_string())
}

fn field_or_text(node: &Node, field: &str) -> String {
    node.get(field).map_or_else(|| text(node), text)
}

/// What stands before the `=`.
fn key(node: &Node) -> Vec<String> {
    let text = text(node);
    vec![text.split_once('=').map_or(text.clone(), |(key, _)| key.to_owned())]
}

fn port(node: &Node) -> Vec<String> {
    let Some(mapping) = ports::read(node, 0).mapping else { return vec![text(node)] };
    let ip = mapping.host_ip.as_deref().unwrap_or("0.0.0.0");
    let protocol = mapping.protocol.as_str();
    let (first, last) = mapping.target;
    let count = (last - first).min(MOST_PORTS);
    (0..=count)
        .map(|nth| {
            let published = match mapping.published {
                // One of the range is chosen when the stack starts.
                Some((from, to)) if to - from != last - first => format!("{from}-{to}"),
                Some((from, _)) => from.saturating_add(nth).to_string(),
                None => String::new(),
            };
            format!("{ip}:{published}:{}/{protocol}", first.saturating_add(nth))
        })
        .collect()
}

fn volume(node: &Node) -> Vec<String> {
    let target = mounts::read(node, 0).ok().map(|mount| mount_point(&mount.target).unwrap_or(mount.target));
    vec![target.unwrap_or_else(|| text(node))]
}

/// `HOST:CONTAINER:PERMISSIONS`; without a colon, both are the same.
fn device(node: &Node) -> Vec<String> {
    let written = field_or_text(node, "target");
    if matches!(node.value, Value::Mapping(_)) {
        return vec![written];
    }
    let mut parts = written.split(':');
    let source = parts.next().unwrap_or_default();
    vec![parts.next().unwrap_or(source).to_owned()]
}

fn granted(node: &Node, folder: &str) -> Vec<String> {
    let target = node.get("target").and_then(Node::text);
    vec![target.unwrap_or_else(|| format!("{folder}{}", field_or_text(node, "source")))]
}
