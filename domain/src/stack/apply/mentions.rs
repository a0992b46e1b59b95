//! Finds every place where a service is named: in keys such as `depends_on`, and as a host in values.
//!
//! Values are read where Compose or the container reads them: `environment`, commands, health checks, labels, hooks,
//! build arguments and inline configs. What else contains the name (image, volumes, networks, paths) does not name the
//! service.

use std::ops::Range;

use crate::{
    catalog,
    compose::{
        Place,
        hosts::{self, Host},
        yaml::{Entry, Node, Value},
    },
    stack::Stack,
};

/// One scalar that names the service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    pub path: Vec<String>,
    /// Where the scalar is written; several mentions can share it through an anchor.
    pub place: Place,
    pub is_key: bool,
    /// The value of the scalar.
    pub text: String,
    /// The bytes of the name in the value, and whether it certainly means the service.
    pub names: Vec<(Range<usize>, bool)>,
}

/// Every mention of the service, its own key included.
pub fn of(stack: &Stack, name: &str) -> Vec<Mention> {
    let root = &stack.model().root;
    let is_taken = stack.model().services.iter().filter(|service| service.name != name).any(|service| {
        service.container_name.as_ref().is_some_and(|container| container.value == name)
            || service.networks.iter().any(|membership| membership.aliases.iter().any(|alias| alias == name))
    });
    let mut walk = Walk { name, is_taken, path: Vec::new(), found: Vec::new() };
    walk.each(root, "services", |walk, entry| {
        if entry.key == walk.name {
            walk.key(entry);
        }
        walk.service(stack, entry);
    });
    walk.each(root, "configs", |walk, entry| {
        walk.child(&entry.value, "content", |walk, node| walk.value(node, 0, hosts::in_file));
    });
    walk.found
}

struct Walk<'n> {
    name: &'n str,
    /// Whether another container has this name too. Then no value is certain.
    is_taken: bool,
    path: Vec<String>,
    found: Vec<Mention>,
}

impl Walk<'_> {
    /// Visits the entries of a mapping.
    fn each(&mut self, node: &Node, key: &str, mut visit: impl FnMut(&mut Self, &Entry)) {
        let Some(node) = node.get(key) else { return };
        self.path.push(key.to_owned());
        for entry in node.entries() {
            self.path.push(entry.key.clone());
            visit(self, entry);
            self.path.pop();
        }
        self.path.pop();
    }

    fn child(&mut self, node: &Node, key: &str, mut visit: impl FnMut(&mut Self, &Node)) {
        if let Some(child) = node.get(key) {
            self.path.push(key.to_owned());
            visit(self, child);
            self.path.pop();
        }
    }

    fn items(&mut self, node: &Node, mut visit: impl FnMut(&mut Self, &Node)) {
        for (index, item) in node.items().iter().enumerate() {
            self.path.push(index.to_string());
            visit(self, item);
            self.path.pop();
        }
    }

    fn service(&mut self, stack: &Stack, entry: &Entry) {
        let body = &entry.value;
        for key in ["depends_on", "links", "volumes_from"] {
            self.child(body, key, Self::list_of_names);
        }
        for key in ["network_mode", "pid", "ipc"] {
            self.child(body, key, |walk, node| walk.prefixed(node, "service:"));
        }
        self.child(body, "extends", |walk, node| match &node.value {
            Value::Mapping(_) if node.get("file").is_none() => {
                walk.child(node, "service", |walk, node| walk.prefixed(node, ""));
            }
            _ => walk.prefixed(node, ""),
        });
        self.child(body, "build", |walk, build| {
            walk.child(build, "additional_contexts", |walk, node| {
                walk.settings(node, |_, value| service_context(value));
            });
        });
        if !self.is_shadowed(body) {
            self.values(stack, entry);
        }
    }

    fn values(&mut self, stack: &Stack, entry: &Entry) {
        let body = &entry.value;
        let app = stack.model().service(&entry.key).and_then(|service| catalog::app_of(stack, service));
        let variable = |key: &str, value: &str| hosts::in_value(value, catalog::expected_in(app, key));
        let argument = |key: &str, value: &str| hosts::in_value(value, hosts::expected_in(key));
        self.child(body, "environment", |walk, node| walk.settings(node, variable));
        for key in ["labels", "annotations"] {
            self.child(body, key, |walk, node| walk.settings(node, hosts::in_label));
        }
        self.child(body, "deploy", |walk, node| {
            walk.child(node, "labels", |walk, node| walk.settings(node, hosts::in_label));
        });
        self.child(body, "build", |walk, node| {
            walk.child(node, "args", |walk, node| walk.settings(node, argument));
        });
        for key in ["command", "entrypoint"] {
            self.child(body, key, Self::command);
        }
        self.child(body, "healthcheck", |walk, node| walk.child(node, "test", Self::command));
        for key in ["post_start", "pre_stop"] {
            self.child(body, key, |walk, node| {
                walk.items(node, |walk, hook| {
                    walk.child(hook, "command", Self::command);
                    walk.child(hook, "environment", |walk, node| walk.settings(node, variable));
                });
            });
        }
    }

    /// Whether the name means something else inside this service: a host that it declares, or the alias of a link.
    fn is_shadowed(&self, body: &Node) -> bool {
        let texts = |key: &str| {
            let node = body.get(key);
            let keys = node.into_iter().flat_map(|node| node.entries()).map(|entry| entry.key.clone());
            let items = node.into_iter().flat_map(|node| node.items()).filter_map(Node::text);
            keys.chain(items).collect::<Vec<_>>()
        };
        let declared =
            texts("extra_hosts").iter().any(|host| host.split([':', '=']).next() == Some(self.name));
        let linked = texts("links").iter().chain(&texts("external_links")).any(|link| {
            link.split_once(':').is_some_and(|(target, alias)| alias == self.name && target != self.name)
        });
        declared || linked
    }

    fn list_of_names(&mut self, node: &Node) {
        match &node.value {
            Value::Mapping(entries) => {
                let name = self.name;
                for entry in entries.iter().filter(|entry| entry.key == name) {
                    self.path.push(entry.key.clone());
                    self.key(entry);
                    self.path.pop();
                }
            }
            Value::Sequence(_) => self.items(node, Self::name_in_list),
            _ => self.name_in_list(node),
        }
    }

    fn name_in_list(&mut self, node: &Node) {
        // `container:name` in `volumes_from` is a container outside the stack.
        let is_outside = node.text().is_some_and(|text| text.starts_with("container:"));
        if !is_outside {
            self.prefixed(node, "");
        }
    }

    /// A text that is the prefix and the name, and may go on after a colon.
    fn prefixed(&mut self, node: &Node, prefix: &str) {
        let Value::String(text) = &node.value else { return };
        let Some(rest) = text.strip_prefix(prefix) else { return };
        if rest.split(':').next() == Some(self.name) {
            let start = prefix.len();
            self.push(node, vec![(start..start + self.name.len(), true)]);
        }
    }

    /// Keys with values, as a mapping or as a list of `KEY=value`.
    fn settings(&mut self, node: &Node, hosts_in: impl Fn(&str, &str) -> Vec<Host>) {
        for entry in node.entries() {
            self.path.push(entry.key.clone());
            self.value(&entry.value, 0, |value| hosts_in(&entry.key, value));
            self.path.pop();
        }
        self.items(node, |walk, item| {
            let Value::String(text) = &item.value else { return };
            let Some((key, _)) = text.split_once('=') else { return };
            walk.value(item, key.len() + 1, |value| hosts_in(key, value));
        });
    }

    fn command(&mut self, node: &Node) {
        let word = |node: &Node| match &node.value {
            Value::String(text) => text.clone(),
            _ => String::new(),
        };
        if let Value::String(line) = &node.value {
            let hosts = hosts::in_command(&[line]).into_iter().map(|(_, host)| host).collect();
            self.hosts(node, 0, hosts);
            return;
        }
        let words: Vec<String> = node.items().iter().map(word).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let found = hosts::in_command(&words);
        for (index, item) in node.items().iter().enumerate() {
            let hosts = found.iter().filter(|(at, _)| *at == index).map(|(_, host)| host.clone()).collect();
            self.path.push(index.to_string());
            self.hosts(item, 0, hosts);
            self.path.pop();
        }
    }

    /// The hosts in the value of a scalar, from an offset on.
    fn value(&mut self, node: &Node, from: usize, hosts_in: impl Fn(&str) -> Vec<Host>) {
        if let Value::String(text) = &node.value
            && text.contains(self.name)
        {
            self.hosts(node, from, hosts_in(text.get(from..).unwrap_or_default()));
        }
    }

    fn hosts(&mut self, node: &Node, from: usize, hosts: Vec<Host>) {
        let own = self.path.first().is_some_and(|first| first == "services")
            && self.path.get(1).is_some_and(|service| service == self.name);
        let names = hosts
            .into_iter()
            .filter(|host| host.name == self.name)
            .map(|host| (host.range.start + from..host.range.end + from, host.sure && !self.is_taken))
            // A service that has its own name in a value mostly means a user, a database or a program.
            .filter(|(_, sure)| *sure || !own)
            .collect();
        self.push(node, names);
    }

    fn key(&mut self, entry: &Entry) {
        self.found.push(Mention {
            path: self.path.clone(),
            place: entry.key_place,
            is_key: true,
            text: entry.key.clone(),
            names: vec![(0..entry.key.len(), true)],
        });
    }

    fn push(&mut self, node: &Node, names: Vec<(Range<usize>, bool)>) {
        if let Value::String(text) = &node.value
            && !names.is_empty()
        {
            let (path, place, text) = (self.path.clone(), node.place, text.clone());
            self.found.push(Mention { path, place, is_key: false, text, names });
        }
    }
}

/// The service that a build context refers to: `service:base`.
fn service_context(value: &str) -> Vec<Host> {
    let prefix = "service:";
    let name = value.strip_prefix(prefix).map(str::to_owned);
    name.into_iter()
        .map(|name| Host { range: prefix.len()..value.len(), name, sure: true, is_default: false })
        .collect()
}
