//! One service: <https://github.com/compose-spec/compose-spec/blob/main/05-services.md>.

use super::{
    fields::Reader,
    image::ImageReference,
    model::{Condition, Dependency, Extends, Grant, Healthcheck, Membership, Resources, Service},
    mounts,
    place::Located,
    ports,
    variables::with_defaults,
    yaml::{Entry, Node, Value},
};

pub fn read(reader: &mut Reader<'_>, entry: &Entry) -> Service {
    let node = &entry.value;
    let mut service =
        Service { name: entry.key.clone(), key: entry.key_place, place: node.here(), ..Service::default() };
    reader.service = Some(entry.key.clone());
    if !matches!(node.value, Value::Mapping(_)) {
        reader.service = None;
        return service;
    }
    if !is_service_name(&entry.key) {
        reader.find(
            "service-name",
            entry.key_place,
            format!("A service can't be named `{}`. Use letters, digits, `.`, `_` and `-`.", entry.key),
        );
    }
    service.image =
        reader.text(node, "image").map(|image| Located::new(ImageReference::read(&image.value), image.place));
    service.build = node.get("build").filter(|build| !build.is_null()).map(Node::here);
    service.container_name = reader.text(node, "container_name");
    service.command = reader.command(node, "command");
    service.entrypoint = reader.command(node, "entrypoint");
    service.environment = reader.variables(node, "environment");
    service.labels = reader.variables(node, "labels");
    service.env_files = env_files(reader, node);
    service.ports = list(reader, node, "ports", |_, node, index| Some(ports::read(node, index)));
    service.expose = reader.texts(node, "expose");
    service.volumes = list(reader, node, "volumes", |reader, node, index| match mounts::read(node, index) {
        Ok(mount) => Some(mount),
        Err(problem) => {
            reader.find("volume-invalid", node.here(), format!("{problem}."));
            None
        }
    });
    service.networks = networks(node);
    service.network_mode = reader.text(node, "network_mode");
    service.depends_on = dependencies(reader, node);
    service.links = reader.texts(node, "links");
    service.healthcheck = node.get("healthcheck").and_then(|node| healthcheck(reader, node));
    service.restart = reader.text(node, "restart");
    service.profiles = reader.texts(node, "profiles");
    service.user = reader.text(node, "user");
    service.working_dir = reader.text(node, "working_dir");
    service.privileged = reader.boolean(node, "privileged");
    service.resources = resources(reader, node);
    service.secrets = grants(node, "secrets");
    service.configs = grants(node, "configs");
    service.extends = extends(node);
    reader.service = None;
    service
}

pub fn is_service_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'))
}

fn list<T>(
    reader: &mut Reader<'_>,
    node: &Node,
    key: &str,
    mut item: impl FnMut(&mut Reader<'_>, &Node, usize) -> Option<T>,
) -> Vec<T> {
    let items = node.get(key).map(Node::items).unwrap_or_default();
    items.iter().enumerate().filter_map(|(index, node)| item(reader, node, index)).collect()
}

fn env_files(reader: &Reader<'_>, node: &Node) -> Vec<super::model::Text> {
    let Some(value) = node.get("env_file") else { return Vec::new() };
    match &value.value {
        Value::Sequence(items) => items
            .iter()
            .filter_map(|item| {
                let text = item.get("path").unwrap_or(item).text()?;
                Some(Located::new(text, item.here()))
            })
            .collect(),
        _ => reader.texts(node, "env_file"),
    }
}

fn networks(node: &Node) -> Vec<Membership> {
    let Some(value) = node.get("networks") else { return Vec::new() };
    match &value.value {
        Value::Mapping(entries) => entries
            .iter()
            .map(|entry| Membership {
                network: entry.key.clone(),
                aliases: entry
                    .value
                    .get("aliases")
                    .map(|aliases| aliases.items().iter().filter_map(Node::text).collect())
                    .unwrap_or_default(),
                place: entry.key_place,
            })
            .collect(),
        _ => value
            .items()
            .iter()
            .filter_map(|item| {
                Some(Membership { network: item.text()?, aliases: Vec::new(), place: item.here() })
            })
            .collect(),
    }
}

fn dependencies(reader: &Reader<'_>, node: &Node) -> Vec<Dependency> {
    let Some(value) = node.get("depends_on") else { return Vec::new() };
    match &value.value {
        Value::Mapping(entries) => entries.iter().map(dependency).collect(),
        _ => reader
            .texts(node, "depends_on")
            .into_iter()
            .map(|text| Dependency {
                service: text.value,
                condition: Condition::Started,
                unknown_condition: None,
                required: true,
                place: text.place,
            })
            .collect(),
    }
}

fn dependency(entry: &Entry) -> Dependency {
    let condition = entry.value.get("condition");
    let written = condition.and_then(Node::text);
    // A variable counts with its default.
    let filled = written.as_deref().and_then(with_defaults);
    let (known, unknown_condition) = match filled.as_deref().or(written.as_deref()) {
        Some("service_healthy") => (Condition::Healthy, None),
        Some("service_completed_successfully") => (Condition::Completed, None),
        Some("service_started") | None => (Condition::Started, None),
        Some(_) => {
            let place = condition.map_or(entry.key_place, Node::here);
            (Condition::Started, Some(Located::new(written.unwrap_or_default(), place)))
        }
    };
    Dependency {
        service: entry.key.clone(),
        condition: known,
        unknown_condition,
        required: entry.value.get("required").is_none_or(|node| node.value != Value::Bool(false)),
        place: entry.key_place,
    }
}

fn healthcheck(reader: &Reader<'_>, node: &Node) -> Option<Healthcheck> {
    if !matches!(node.value, Value::Mapping(_)) {
        return None;
    }
    let test = reader.command(node, "test");
    let none = test.as_ref().is_some_and(|test| match &test.value {
        super::model::Command::Words(words) => words.first().is_some_and(|word| word == "NONE"),
        super::model::Command::Line(line) => line == "NONE",
    });
    Some(Healthcheck {
        test,
        interval: reader.text(node, "interval"),
        timeout: reader.text(node, "timeout"),
        retries: reader.integer(node, "retries"),
        start_period: reader.text(node, "start_period"),
        disabled: none || reader.boolean(node, "disable").is_some_and(|flag| flag.value),
        place: node.here(),
    })
}

fn resources(reader: &Reader<'_>, node: &Node) -> Resources {
    let empty = Node::default();
    let deploy = node.get("deploy").unwrap_or(&empty);
    let part = |kind: &str| deploy.at(&["resources", kind]).unwrap_or(&empty);
    let (limits, reserved) = (part("limits").clone(), part("reservations").clone());
    Resources {
        cpus: reader.text(&limits, "cpus").or_else(|| reader.text(node, "cpus")),
        memory: reader.text(&limits, "memory").or_else(|| reader.text(node, "mem_limit")),
        reserved_cpus: reader.text(&reserved, "cpus"),
        reserved_memory: reader.text(&reserved, "memory").or_else(|| reader.text(node, "mem_reservation")),
        replicas: reader.integer(deploy, "replicas").or_else(|| reader.integer(node, "scale")),
    }
}

fn grants(node: &Node, key: &str) -> Vec<Grant> {
    let items = node.get(key).map(Node::items).unwrap_or_default();
    items
        .iter()
        .filter_map(|item| {
            let source = item.get("source").unwrap_or(item).text()?;
            Some(Grant { source, target: item.get("target").and_then(Node::text), place: item.here() })
        })
        .collect()
}

fn extends(node: &Node) -> Option<Extends> {
    let value = node.get("extends")?;
    let service = value.get("service").unwrap_or(value).text()?;
    Some(Extends { service, file: value.get("file").and_then(Node::text), place: value.here() })
}
