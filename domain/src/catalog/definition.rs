//! What adding an app writes into the file.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value, json};

use super::{
    app::{App, AppHealthcheck},
    secret::value_names,
    taken::Taken,
    template::fill,
};
use crate::{compose::Protocol, stack::SecretText};

/// The body of a service, the volumes to declare for it, and the values of the variables that it reads.
#[derive(Clone, Debug, PartialEq)]
pub struct Definition {
    /// A mapping in the usual order: image, command, environment, ports, volumes, health check, restart.
    pub service: Value,
    /// Named volumes to declare at the top level.
    pub volumes: Vec<String>,
    /// The app's secrets, by the name that the service writes as `${NAME}`.
    pub values: BTreeMap<String, SecretText>,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{app}` needs a value for its secret `{secret}`")]
pub struct MissingSecret {
    pub app: String,
    pub secret: String,
}

/// The app as a service of this name, with the given secrets, on host ports and volumes that are not taken.
pub fn service_definition(
    app: &App,
    service: &str,
    secrets: &BTreeMap<String, String>,
    taken: &Taken,
) -> Result<Definition, MissingSecret> {
    let published = choose_ports(app, taken);
    let environment = app.environment.iter().map(|(key, value)| (key.as_str(), value.as_str()));
    let names = value_names(service, environment, taken);
    let render = |template: &str| {
        fill(template, |name| match name.split_once(':') {
            Some(("secret", name)) if secrets.contains_key(name) => {
                names.get(name).map(|name| format!("${{{name}}}"))
            }
            Some(("port", container)) => published.get(&container.parse().ok()?).map(u16::to_string),
            _ => (name == "service").then(|| service.to_owned()),
        })
        .map_err(|missing| MissingSecret {
            app: app.code.clone(),
            secret: missing.trim_start_matches("secret:").to_owned(),
        })
    };

    let mut body = Map::new();
    body.insert("image".to_owned(), app.image.as_str().into());
    if let Some(hostname) = &app.hostname {
        body.insert("hostname".to_owned(), render(hostname)?.into());
    }
    if let Some(command) = &app.command {
        body.insert("command".to_owned(), command.clone());
    }
    if !app.environment.is_empty() {
        let mut environment = Map::new();
        for (key, value) in &app.environment {
            environment.insert(key.clone(), render(value)?.into());
        }
        body.insert("environment".to_owned(), environment.into());
    }
    let ports: Vec<Value> = app
        .ports
        .iter()
        .filter_map(|port| {
            let host = published.get(&port.container)?;
            Some(match port.protocol.into() {
                Protocol::Tcp => format!("{host}:{}", port.container),
                other => format!("{host}:{}/{}", port.container, other.as_str()),
            })
        })
        .map(Value::from)
        .collect();
    if !ports.is_empty() {
        body.insert("ports".to_owned(), ports.into());
    }
    let mut volumes = Vec::new();
    let mut mounts = Vec::new();
    for volume in &app.volumes {
        let source = match (&volume.name, &volume.source) {
            (Some(name), _) => {
                let name = taken.free_volume(&format!("{service}-{name}"));
                volumes.push(name.clone());
                name
            }
            (None, Some(source)) => source.clone(),
            (None, None) => continue,
        };
        let mode = if volume.read_only { ":ro" } else { "" };
        mounts.push(Value::from(format!("{source}:{}{mode}", volume.target)));
    }
    if !mounts.is_empty() {
        body.insert("volumes".to_owned(), mounts.into());
    }
    body.insert("healthcheck".to_owned(), healthcheck(&app.healthcheck));
    body.insert("restart".to_owned(), "unless-stopped".into());
    let values = names
        .into_iter()
        .filter_map(|(secret, name)| Some((name, SecretText::new(secrets.get(secret)?))))
        .collect();
    Ok(Definition { service: body.into(), volumes, values })
}

/// The host port of each published container port. A container port has the same host port for all protocols.
fn choose_ports(app: &App, taken: &Taken) -> HashMap<u16, u16> {
    let mut taken = taken.clone();
    let mut chosen = HashMap::new();
    for port in &app.ports {
        let Some(wanted) = port.host else { continue };
        chosen.entry(port.container).or_insert_with(|| {
            let host = taken.free_port(wanted);
            taken.take_port(host);
            host
        });
    }
    chosen
}

fn healthcheck(check: &AppHealthcheck) -> Value {
    json!({
        "test": check.test,
        "interval": check.interval,
        "timeout": check.timeout,
        "retries": check.retries,
        "start_period": check.start_period,
    })
}
