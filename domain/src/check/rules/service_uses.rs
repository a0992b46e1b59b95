//! The services that a service names in other keys than `depends_on`: `ipc`, `pid`, `uts`, `network_mode`, `volumes_from` and
//! `links`. Compose treats each as a dependency.

use crate::{
    check::rule::service_path,
    compose::{
        Place, Service,
        variables::with_defaults,
        yaml::{Node, Value},
    },
};

/// One name, and what uses it.
pub struct Use {
    pub name: String,
    pub place: Place,
    /// The key in words: "`ipc`".
    pub key: String,
    /// What removes the reference.
    pub path: Vec<String>,
    /// Whether another rule reports a name that does not exist.
    pub elsewhere: bool,
}

/// The services that the keys name, which Compose starts first.
pub fn uses(body: &Node, service: &Service) -> Vec<Use> {
    let mut found = Vec::new();
    for key in ["ipc", "pid", "uts", "network_mode"] {
        let Some(node) = body.get(key) else { continue };
        let Some(text) = known(node) else { continue };
        if let Some(name) = text.strip_prefix("service:") {
            found.push(Use {
                name: name.to_owned(),
                place: node.here(),
                key: format!("`{key}`"),
                path: service_path(&service.name, key),
                elsewhere: key == "network_mode",
            });
        }
    }
    for key in ["volumes_from", "links"] {
        for (index, node) in body.get(key).map(Node::items).unwrap_or_default().iter().enumerate() {
            let Some(text) = known(node) else { continue };
            let name = text.split(':').next().unwrap_or_default();
            if name.is_empty() || (key == "volumes_from" && name == "container") {
                continue;
            }
            let mut path = service_path(&service.name, key);
            path.push(index.to_string());
            found.push(Use {
                name: name.to_owned(),
                place: node.here(),
                key: format!("`{key}`"),
                path,
                elsewhere: key == "links",
            });
        }
    }
    found
}

/// The text of a scalar with its variables replaced by their defaults; `None` if one has no default.
pub fn known(node: &Node) -> Option<String> {
    match &node.value {
        Value::String(text) => with_defaults(text),
        _ => None,
    }
}
