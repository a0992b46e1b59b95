//! The forms in which one value may be written. The places stay those of the written form.

use crate::compose::yaml::{Entry, Node, Value};

/// A single entry as a list of one.
pub fn list(node: Node) -> Node {
    match node.value {
        Value::Sequence(_) => node,
        _ => Node { place: node.place, alias: node.alias, value: Value::Sequence(vec![node]) },
    }
}

/// A list of `KEY=value` as a mapping.
pub fn pairs(node: Node) -> Node {
    let node = if matches!(node.value, Value::Mapping(_)) { node } else { list(node) };
    of_items(node, |item| {
        let text = item.text().unwrap_or_default();
        let (key, value) = match text.split_once('=') {
            Some((key, value)) => (key.to_owned(), Value::String(value.to_owned())),
            None => (text, Value::Null),
        };
        (key, value)
    })
}

/// A list of names as a mapping. Each name has the value that Compose gives it.
pub fn names(node: Node, is_dependency: bool) -> Node {
    of_items(node, |item| {
        let value = if is_dependency { dependency(item) } else { Value::Null };
        (item.text().unwrap_or_default(), value)
    })
}

fn dependency(item: &Node) -> Value {
    let entry = |key: &str, value| Entry {
        key: key.to_owned(),
        key_place: item.place,
        value: Node { value, place: item.place, alias: item.alias },
        merged: false,
    };
    let condition = Value::String("service_started".to_owned());
    Value::Mapping(vec![entry("condition", condition), entry("required", Value::Bool(true))])
}

/// A mapping stays as it is; of a list, each entry becomes a key and its value. The last one of a key counts.
fn of_items(node: Node, read: impl Fn(&Node) -> (String, Value)) -> Node {
    let Value::Sequence(items) = &node.value else { return node };
    let mut known = std::collections::HashMap::new();
    let mut entries: Vec<Entry> = Vec::with_capacity(items.len());
    for item in items {
        let (key, value) = read(item);
        let value = Node { value, place: item.place, alias: item.alias };
        let entry = Entry { key: key.clone(), key_place: item.place, value, merged: false };
        match known.get(&key).and_then(|at: &usize| entries.get_mut(*at)) {
            Some(own) => *own = entry,
            None => {
                known.insert(key, entries.len());
                entries.push(entry);
            }
        }
    }
    Node { value: Value::Mapping(entries), ..node }
}

/// Text as a mapping with this key.
pub fn mapping_with(node: Node, key: &str) -> Node {
    match node.value {
        Value::Mapping(_) => node,
        _ => {
            let (place, alias) = (node.place, node.alias);
            let entry = Entry { key: key.to_owned(), key_place: place, value: node, merged: false };
            Node { value: Value::Mapping(vec![entry]), place, alias }
        }
    }
}

/// The hosts of both, each address of a host once.
pub fn hosts(base: Node, over: Node) -> Node {
    let mut base = as_host_list(base);
    if let (Value::Sequence(items), Value::Sequence(later)) = (&mut base.value, as_host_list(over).value) {
        let known: std::collections::HashSet<String> = items.iter().filter_map(Node::text).collect();
        items.extend(later.into_iter().filter(|item| item.text().is_none_or(|text| !known.contains(&text))));
    }
    base
}

fn as_host_list(node: Node) -> Node {
    let Value::Mapping(entries) = &node.value else { return list(node) };
    let mut items = Vec::with_capacity(entries.len());
    for entry in entries {
        let own = std::slice::from_ref(&entry.value);
        let addresses = if entry.value.items().is_empty() { own } else { entry.value.items() };
        items.extend(addresses.iter().map(|address| {
            let text = format!("{}={}", entry.key, address.text().unwrap_or_default());
            Node { value: Value::String(text), place: address.place, alias: address.alias }
        }));
    }
    Node { value: Value::Sequence(items), ..node }
}
