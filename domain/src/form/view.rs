//! Derives the form that existing clients read from a compose file.
//!
//! Everything that compose can express comes from the file. The rest comes from the extras, and so does the spelling
//! of equal values.

use std::collections::HashMap;

use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use super::{
    Form, SECTIONS,
    app::{App, SharedPort, SharedVolume},
    extras::Extras,
    network::{Network, Traits},
    normal, schema, text,
};
use crate::{
    compose::{Command, Model, Mount, MountKind, Port, Protocol, Resource, Service, yaml::Node},
    stack::Stack,
};

/// The `metadata` of a project: the normalised form. `extras` is the result of [`super::extras`]. For projects that
/// were not created from a form, it is at least `{"custom": {"custom_stack_code": name}}`.
pub fn of_stack(stack: &Stack, extras: Option<&Value>) -> Value {
    view(stack, Extras::new(extras)).to_json()
}

pub fn view(stack: &Stack, extras: Extras<'_>) -> Form {
    let model = stack.model();
    let mut custom = normal::empty(schema::CUSTOM);
    for (key, value) in &mut custom {
        if let Some(kept) = extras.get(key) {
            *value = kept.clone();
        }
    }
    if text(&custom, "custom_stack_code").is_empty() {
        let name = model.name.as_ref().map_or("stack", |name| name.value.as_str());
        custom.insert("custom_stack_code".to_owned(), name.into());
    }
    let networks: Vec<Value> =
        network_traits(model).into_iter().map(|(name, traits)| network(name, &traits, extras)).collect();
    let known = Known::new(&networks);
    set_list(&mut custom, "networks", networks.clone());
    let mut sections: [Vec<Value>; 3] = Default::default();
    for service in &model.services {
        let (section, fields) = app(stack, service, &known, extras);
        if let Some(list) =
            SECTIONS.iter().position(|one| *one == section).and_then(|at| sections.get_mut(at))
        {
            list.push(fields.into());
        }
    }
    for (section, apps) in SECTIONS.into_iter().zip(sections) {
        set_list(&mut custom, section, apps);
    }
    if let Some(web @ Value::Null) = custom.get_mut("web") {
        *web = json!([]);
    }
    Form { custom, trimmed: Vec::new() }
}

/// Sets a list. An empty list stays as the client wrote it, `null` or `[]`.
fn set_list(fields: &mut Map<String, Value>, key: &str, items: Vec<Value>) {
    let spelled_as_list = fields.get(key).is_some_and(Value::is_array);
    let value = if items.is_empty() && !spelled_as_list { Value::Null } else { Value::Array(items) };
    fields.insert(key.to_owned(), value);
}

/// The networks of the view, with ids by name and names by id.
struct Known<'n> {
    ids: HashMap<&'n str, &'n str>,
    names: HashMap<&'n str, &'n str>,
}

impl<'n> Known<'n> {
    fn new(networks: &'n [Value]) -> Self {
        let pairs = || networks.iter().filter_map(Network::new).map(|network| (network.name(), network.id()));
        Self { ids: pairs().collect(), names: pairs().map(|(name, id)| (id, name)).collect() }
    }
}

/// The traits of the networks in the file: first the declared ones, then those that are only used.
pub fn network_traits(model: &Model) -> IndexMap<&str, Traits> {
    let bodies = model.root.get("networks").map(Node::entries).unwrap_or_default();
    let declared = model.networks.iter().zip(bodies);
    let mut traits: IndexMap<&str, Traits> =
        declared.map(|(resource, body)| (resource.name.as_str(), traits(resource, &body.value))).collect();
    for membership in model.services.iter().flat_map(|service| &service.networks) {
        traits.entry(&membership.network).or_default();
    }
    traits
}

fn network(name: &str, traits: &Traits, extras: Extras<'_>) -> Value {
    let mut fields = normal::empty(schema::NETWORK);
    fields.insert("id".to_owned(), name.into());
    fields.insert("name".to_owned(), name.into());
    if let Some(kept) = extras.network(name) {
        fields.extend(kept.iter().map(|(key, value)| (key.clone(), value.clone())));
    }
    let as_kept = Value::Object(fields.clone());
    if Network::new(&as_kept).is_some_and(|kept| kept.traits() == *traits) {
        return as_kept;
    }
    fields.insert("external".to_owned(), if traits.external { json!(true) } else { Value::Null });
    fields.extend(traits.keys().into_iter().map(|(key, value)| (key.to_owned(), value)));
    Value::Object(fields)
}

fn traits(resource: &Resource, body: &Node) -> Traits {
    if resource.external {
        return Traits { external: true, ..Traits::default() };
    }
    let flag = |key: &str| body.get(key).and_then(Node::text).is_some_and(|text| text == "true");
    Traits {
        external: false,
        attachable: flag("attachable"),
        driver: resource.driver.clone().unwrap_or_default(),
        enable_ipv6: flag("enable_ipv6"),
        internal: resource.internal,
    }
}

fn app(
    stack: &Stack,
    service: &Service,
    networks: &Known<'_>,
    extras: Extras<'_>,
) -> (&'static str, Map<String, Value>) {
    let kept = extras.app(&service.name);
    let guess = if service.ports.is_empty() { "service" } else { "web" };
    let section = kept.map_or(guess, |(section, _)| section);
    let mut fields = normal::empty(schema::APP);
    let short_name: String = service.name.chars().take(50).collect();
    for (key, value) in [("_id", &service.name), ("code", &service.name), ("name", &short_name)] {
        fields.insert(key.to_owned(), value.as_str().into());
    }
    fields.insert("type".to_owned(), section.into());
    if let Some((_, kept)) = kept {
        fields.extend(kept.iter().map(|(key, value)| (key.clone(), value.clone())));
    }
    let spelled = Value::Object(fields.clone());
    let Some(spelled) = App::new(section, 0, &spelled) else { return (section, fields) };

    let image = service.image.as_ref().map(|image| image.value.text.clone());
    if spelled.image() != image {
        fields.extend(parts_of_image(image.as_deref()));
    }
    fields.insert("restart".to_owned(), restart(service).into());
    for (key, command) in [("command", &service.command), ("entrypoint", &service.entrypoint)] {
        let line = command.as_ref().map(|command| line(&command.value)).unwrap_or_default();
        if line != spelled.text(key) {
            fields.insert(key.to_owned(), if line.is_empty() { Value::Null } else { line.into() });
        }
    }
    let variables = service.environment.iter().filter(|variable| !variable.key.is_empty());
    set_list(&mut fields, "environment", variables.map(|variable| {
        json!({"key": variable.key, "value": variable.value.as_deref().unwrap_or_default()})
    }).collect());
    let ports: Vec<SharedPort> = ports(stack, service).into_iter().map(|(_, port)| port).collect();
    if !same(&ports, &spelled.ports(), SharedPort::same) {
        set_list(&mut fields, "shared_ports", ports.iter().map(port_json).collect());
    }
    let volumes: Vec<SharedVolume> = volumes(service).into_iter().map(|(_, volume)| volume).collect();
    if !same(&volumes, &spelled.volumes(), SharedVolume::same) {
        let json = |volume: &SharedVolume| json!({"host_path": volume.host_path, "container_path": volume.container_path});
        set_list(&mut fields, "volumes", volumes.iter().map(json).collect());
    }
    let joined: Vec<&str> = service.networks.iter().map(|membership| membership.network.as_str()).collect();
    if !spelled
        .network_ids()
        .map(|id| networks.names.get(id).copied())
        .eq(joined.iter().map(|name| Some(*name)))
    {
        let ids = joined.iter().filter_map(|name| networks.ids.get(name));
        set_list(&mut fields, "network", ids.map(|id| (*id).into()).collect());
    }
    (section, fields)
}

fn same<T>(a: &[T], b: &[T], equal: fn(&T, &T) -> bool) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b))
}

/// The fields of an image. The whole reference becomes `dockerhub_image`. If it is very long, the part before the
/// last slash becomes `dockerhub_user`.
fn parts_of_image(image: Option<&str>) -> [(String, Value); 3] {
    let (user, image) = match image {
        Some(image) if image.len() > 100 => match image.rsplit_once('/') {
            Some((user, rest)) => (Some(user), Some(rest)),
            None => (None, Some(image)),
        },
        image => (None, image),
    };
    [("dockerhub_user", user), ("dockerhub_name", None), ("dockerhub_image", image)]
        .map(|(key, value)| (key.to_owned(), value.into()))
}

/// One of the four restart values that a form has. Without the key, compose does not restart the service.
fn restart(service: &Service) -> &str {
    match service.restart.as_ref().map(|restart| restart.value.as_str()) {
        Some(known @ ("always" | "unless-stopped" | "on-failure")) => known,
        Some(counted) if counted.starts_with("on-failure:") => "on-failure",
        _ => "no",
    }
}

/// Joins words into a line that a shell splits into the same words.
fn line(command: &Command) -> String {
    let quoted = |word: &String| {
        let plain = |c: char| c.is_alphanumeric() || "_-./:=,@%+${}".contains(c);
        if !word.is_empty() && word.chars().all(plain) {
            word.clone()
        } else {
            format!("'{}'", word.replace('\'', "'\\''"))
        }
    };
    match command {
        Command::Line(line) => line.clone(),
        Command::Words(words) => words.iter().map(quoted).collect::<Vec<_>>().join(" "),
    }
}

/// The ports that a form can express, each with its entry in the file. Ranges and variables are left out.
pub fn ports<'s>(stack: &'s Stack, service: &'s Service) -> Vec<(&'s Port, SharedPort)> {
    let shared = |port: &'s Port| {
        let mapping = port.mapping.as_ref().filter(|mapping| mapping.protocol != Protocol::Sctp)?;
        let host = mapping.published;
        if mapping.target.0 != mapping.target.1 || host.is_some_and(|(first, last)| first != last) {
            return None;
        }
        // The form names tcp only if the file does.
        let said = port.place.slice(stack.text()).contains("tcp");
        let protocol =
            (mapping.protocol == Protocol::Udp || said).then(|| mapping.protocol.as_str().to_owned());
        Some((port, SharedPort { host: host.map(|(first, _)| first), container: mapping.target.0, protocol }))
    };
    service.ports.iter().filter_map(shared).collect()
}

fn port_json(port: &SharedPort) -> Value {
    let host = port.host.map(|host| host.to_string()).unwrap_or_default();
    json!({"host_port": host, "container_port": port.container.to_string(), "protocol": port.protocol})
}

/// The mounts that a form can express, each with its entry in the file: named volumes and folders.
pub fn volumes(service: &Service) -> Vec<(&Mount, SharedVolume)> {
    let shared = |mount: &Mount| {
        let known = matches!(mount.kind, MountKind::Volume | MountKind::Bind);
        let host_path = mount.source.clone().filter(|source| known && !source.is_empty())?;
        Some(SharedVolume { host_path, container_path: mount.target.clone() })
    };
    service.volumes.iter().filter_map(|mount| Some((mount, shared(mount)?))).collect()
}
