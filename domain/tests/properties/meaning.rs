//! Checks that the model has the requested value after an edit.
//!
//! Each edit has a line in [`meant`], which also compares the siblings of the changed value in the same list or
//! mapping. `rest.rs` compares the rest of the file.

use std::collections::BTreeMap;

use domain::{
    catalog,
    compose::{Command, Condition, Located, Mount, MountKind, Port, ports::range},
    stack::{Edit, HeldValue, PortSpec, Stack, Values},
};
use serde_json::{Map, Value, json};

use crate::{
    mentions::{mentions, sorted},
    read::{
        at, entries, is_empty, items, names, of_service, root, service, variables, without, without_empty,
    },
};

pub fn meant(before: &Stack, after: &Stack, edit: &Edit) -> bool {
    let same = |service: &str, key: &str| of_service(before, service, key) == of_service(after, service, key);
    match edit {
        Edit::AddService { service, image, app, .. } => {
            let body = at(after, &["services", service]);
            match (image, app) {
                (Some(image), None) => body == json!({"image": image, "restart": "unless-stopped"}),
                (None, Some(_)) => is_from_the_catalogue(before, after, edit),
                _ => false,
            }
        }
        Edit::RemoveService { service, clean_up } => {
            let is_gone = !names(after).contains(service) && mentions(after, service).is_empty();
            is_gone && (!clean_up || undeclared(after) <= undeclared(before))
        }
        Edit::RenameService { service, to, .. } => renamed(before, after, service, to),
        Edit::DuplicateService { service, to, .. } => {
            let mut copy = at(before, &["services", service]);
            if let Some(body) = copy.as_object_mut() {
                body.retain(|key, _| key != "ports" && key != "container_name");
            }
            let written = at(after, &["services", to]);
            names(after).contains(to) && (written == copy || is_empty(&written) && is_empty(&copy))
        }
        Edit::SetImage { service, image } => self::service(after, service)
            .and_then(|service| service.image.as_ref())
            .is_some_and(|set| set.value.text == *image),
        Edit::SetEnvironment { service, key, value } => {
            let mut expected = variables(before, service);
            expected.insert(key.clone(), value.clone());
            variables(after, service) == expected
        }
        Edit::RemoveEnvironment { service, key } => {
            let mut expected = variables(before, service);
            expected.remove(key).is_some() && variables(after, service) == expected
        }
        Edit::RenameEnvironment { service, key, to } => {
            let mut expected = variables(before, service);
            let moved = expected.remove(key).map(|value| expected.insert(to.clone(), value));
            moved.is_some() && variables(after, service) == expected
        }
        Edit::AddPort { service, port } => {
            let written = self::service(after, service).and_then(|service| service.ports.last());
            one_more(before, after, service, "ports")
                && written.is_some_and(|written| publishes(written, port))
        }
        Edit::SetPort { service, index, port } => {
            let written = self::service(after, service).and_then(|service| service.ports.get(*index));
            one_other(before, after, service, *index)
                && written.is_some_and(|written| publishes(written, port))
        }
        Edit::RemovePort { service, index } => one_less(before, after, service, "ports", *index),
        Edit::AddVolume { service, source, target, read_only } => {
            let source = source.as_deref().filter(|source| !source.is_empty());
            let written = self::service(after, service).and_then(|service| service.volumes.last());
            one_more(before, after, service, "volumes")
                && written.is_some_and(|written| mounts(written, source, target, *read_only))
                && source.is_none_or(|name| is_path(name) || after.model().volume(name).is_some())
        }
        Edit::RemoveVolume { service, index } => one_less(before, after, service, "volumes", *index),
        Edit::AddNetwork { network, internal } => {
            before.model().network(network).is_none()
                && after.model().network(network).is_some_and(|added| added.internal == *internal)
        }
        Edit::JoinNetwork { service, network, keep_default } => {
            let mut expected = entries(before, service, "networks", &Value::Null);
            let joined = entries(after, service, "networks", &Value::Null);
            if expected.is_empty() && keep_default.unwrap_or(joined.contains_key("default")) {
                expected.insert("default".to_owned(), Value::Null);
            }
            expected.entry(network.clone()).or_insert(Value::Null);
            joined == expected && (network == "default" || after.model().network(network).is_some())
        }
        Edit::LeaveNetwork { service, network, .. } => {
            let mut expected = entries(before, service, "networks", &Value::Null);
            expected.remove(network).is_some()
                && entries(after, service, "networks", &Value::Null) == expected
        }
        Edit::AddDependency { service, on, condition } => {
            let mut expected = dependencies(before, service);
            let own = expected.entry(on.clone()).or_insert_with(|| json!({}));
            own["condition"] = json!(condition.as_str());
            dependencies(after, service) == expected
                && self::service(after, service)
                    .and_then(|service| service.depends_on(on))
                    .is_some_and(|dependency| dependency.condition == *condition)
        }
        Edit::RemoveDependency { service, on } => {
            let mut expected = dependencies(before, service);
            expected.remove(on).is_some() && dependencies(after, service) == expected
        }
        Edit::SetHealthcheck { service, .. } => is_checked(before, after, service, edit),
        Edit::RemoveHealthcheck { service } => {
            of_service(after, service, "healthcheck").is_null()
                && self::service(after, service).is_some_and(|service| service.healthcheck.is_none())
        }
        Edit::SetRestart { service, restart } => self::service(after, service)
            .is_some_and(|service| service.restart.as_ref().map(|text| &text.value) == restart.as_ref()),
        Edit::SetCommand { service, command } => {
            let set = self::service(after, service).and_then(|service| service.command.as_ref());
            same(service, "entrypoint") && runs(set, command)
        }
        Edit::SetEntrypoint { service, entrypoint } => {
            let set = self::service(after, service).and_then(|service| service.entrypoint.as_ref());
            same(service, "command") && runs(set, entrypoint)
        }
        Edit::SetKey { path, value } => {
            after.model().root.at(path).is_some_and(|node| node.to_json() == *value)
        }
        Edit::RemoveKey { path } => {
            before.model().root.at(path).is_some()
                && without(root(before), path) == without_empty(root(after), path)
        }
        Edit::RenameKey { path, to } => {
            let renamed = [&path[..path.len().saturating_sub(1)], std::slice::from_ref(to)].concat();
            let value =
                |stack: &Stack, path: &[String]| stack.model().root.at(path).map(|node| node.to_json());
            value(before, path).is_some()
                && value(after, &renamed) == value(before, path)
                && (renamed == *path || value(after, path).is_none())
        }
        Edit::MoveToServices { services } => services.iter().all(|service| {
            let value = |stack: &Stack, path: &[&str]| stack.model().root.at(path).map(|node| node.to_json());
            value(before, &[service]).is_some()
                && value(after, &["services", service]) == value(before, &[service])
                && (service == "services" || value(after, &[service]).is_none())
        }),
        Edit::ReplaceText { text } => after.text() == text && root(after) == root(&Stack::read(text)),
        Edit::MoveSecrets { .. } => {
            filled(root(after), after.values()) == filled(root(before), after.values())
        }
        Edit::MoveNode { .. }
        | Edit::SetNote { .. }
        | Edit::SetChecks { .. }
        | Edit::SetValue { .. }
        | Edit::RemoveValue { .. } => after.text() == before.text() && after.model() == before.model(),
    }
}

/// The document with the new values in place of their variables, every scalar as text.
fn filled(value: Value, values: &Values) -> Value {
    match value {
        Value::Object(entries) => {
            entries.into_iter().map(|(key, value)| (key, filled(value, values))).collect::<Map<_, _>>().into()
        }
        Value::Array(items) => items.into_iter().map(|item| filled(item, values)).collect(),
        Value::Null => Value::Null,
        scalar => {
            let mut text = scalar.as_str().map_or_else(|| scalar.to_string(), str::to_owned);
            for (name, value) in values.iter() {
                if let HeldValue::New(value) = value {
                    text = text.replace(&format!("${{{name}}}"), &value.expose().replace('$', "$$"));
                }
            }
            text.into()
        }
    }
}

/// The number of networks and volumes that are used without a declaration.
fn undeclared(stack: &Stack) -> usize {
    let codes = ["network-unknown", "volume-unknown"];
    domain::check::check(stack).iter().filter(|finding| codes.contains(&finding.code.as_str())).count()
}

/// Whether the service is as the catalogue defines it. The catalogue has its own tests.
fn is_from_the_catalogue(before: &Stack, after: &Stack, edit: &Edit) -> bool {
    let Edit::AddService { service, app: Some(app), secrets, .. } = edit else { return false };
    let taken = catalog::Taken::of(before.model()).with_variables(before.values().names());
    catalog::app(app)
        .and_then(|app| catalog::service_definition(app, service, secrets, &taken).ok())
        .is_some_and(|definition| {
            at(after, &["services", service]) == definition.service
                && definition.volumes.iter().all(|volume| after.model().volume(volume).is_some())
        })
}

/// Whether references to the old name have become references to the new one. Existing references to the new name must
/// stay.
fn renamed(before: &Stack, after: &Stack, service: &str, to: &str) -> bool {
    if service == to {
        return after.text() == before.text();
    }
    let mut expected = [mentions(before, service), mentions(before, to)].concat();
    for mention in expected.iter_mut().filter(|mention| mention.owner == service) {
        to.clone_into(&mut mention.owner);
    }
    let renamed = names(before).into_iter().map(|name| if name == service { to.to_owned() } else { name });
    names(after) == renamed.collect::<Vec<_>>()
        && mentions(after, service).is_empty()
        && mentions(after, to) == sorted(expected)
}

/// Whether the list has one more item. A list must not replace an existing value that is not a list.
fn one_more(before: &Stack, after: &Stack, service: &str, key: &str) -> bool {
    let was = of_service(before, service, key);
    let after = items(after, service, key);
    (was.is_null() || was.is_array())
        && after.split_last().is_some_and(|(_, others)| *others == items(before, service, key))
}

fn one_less(before: &Stack, after: &Stack, service: &str, key: &str, index: usize) -> bool {
    let mut expected = items(before, service, key);
    index < expected.len() && {
        expected.remove(index);
        items(after, service, key) == expected
    }
}

/// Whether the other ports are unchanged, and also the other fields of a long port.
fn one_other(before: &Stack, after: &Stack, service: &str, index: usize) -> bool {
    let besides = |stack: &Stack| {
        let mut items = items(stack, service, "ports");
        match items.get_mut(index) {
            Some(Value::Object(port)) => {
                port.retain(|key, _| !["target", "published", "host_ip", "protocol"].contains(&key.as_str()));
            }
            Some(short) => *short = Value::Null,
            None => {}
        }
        items
    };
    besides(before) == besides(after)
}

fn publishes(port: &Port, spec: &PortSpec) -> bool {
    let said = |field: &Option<String>| {
        field.as_deref().map(|text| text.replace("${PORT:-8080}", "8080")).filter(|text| !text.is_empty())
    };
    port.problem.is_none()
        && port.mapping.as_ref().is_some_and(|mapping| {
            mapping.host_ip == said(&spec.host_ip).map(|ip| ip.trim_matches(['[', ']']).to_owned())
                && mapping.published == said(&spec.published).and_then(|text| range(&text))
                && Some(mapping.target) == range(&spec.target)
                && mapping.protocol.as_str() == said(&spec.protocol).as_deref().unwrap_or("tcp")
        })
}

fn mounts(mount: &Mount, source: Option<&str>, target: &str, read_only: bool) -> bool {
    let kind = if source.is_some_and(is_path) { MountKind::Bind } else { MountKind::Volume };
    mount.kind == kind
        && mount.source.as_deref() == source
        && mount.target == target
        && mount.read_only == read_only
}

fn is_path(source: &str) -> bool {
    source.contains(['/', '\\'])
}

fn dependencies(stack: &Stack, service: &str) -> BTreeMap<String, Value> {
    let started = json!(Condition::Started.as_str());
    let mut entries = entries(stack, service, "depends_on", &json!({}));
    for entry in entries.values_mut().filter_map(Value::as_object_mut) {
        entry.entry("condition").or_insert_with(|| started.clone());
    }
    entries
}

/// Whether the health check has the given test and times, and is otherwise unchanged. It must no longer be disabled.
fn is_checked(before: &Stack, after: &Stack, service: &str, edit: &Edit) -> bool {
    let Edit::SetHealthcheck { test, interval, timeout, retries, start_period, .. } = edit else {
        return false;
    };
    let mut expected = of_service(before, service, "healthcheck").as_object().cloned().unwrap_or_default();
    expected.remove("disable");
    expected.insert("test".to_owned(), test.clone());
    for (key, value) in [
        ("interval", interval.as_ref().map(|text| json!(text))),
        ("timeout", timeout.as_ref().map(|text| json!(text))),
        ("retries", retries.map(|count| json!(count))),
        ("start_period", start_period.as_ref().map(|text| json!(text))),
    ] {
        expected.extend(value.map(|value| (key.to_owned(), value)));
    }
    let none = *test == json!(["NONE"]) || *test == json!("NONE");
    of_service(after, service, "healthcheck") == Value::Object(expected)
        && self::service(after, service)
            .and_then(|service| service.healthcheck.as_ref())
            .is_some_and(|check| check.disabled == none)
}

fn runs(set: Option<&Located<Command>>, asked: &Value) -> bool {
    match set.map(|command| &command.value) {
        Some(Command::Line(line)) => *asked == json!(line),
        Some(Command::Words(words)) => *asked == json!(words),
        None => asked.is_null() || *asked == json!(""),
    }
}
