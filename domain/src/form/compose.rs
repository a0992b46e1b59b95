//! Writes a form as a compose file.
//!
//! The installer relies on how named volumes and networks are mapped: volumes are folders under `/root/project` on
//! the host, and `default_network` already exists.

use serde_json::{Map, Value, json};

use super::{Form, app::App, network::Network, normal::FieldErrors};
use crate::{
    api::FieldError,
    compose::ImageReference,
    stack::{Edit, Stack},
};

/// Writes a form as a compose file. Compose always accepts the result.
pub fn to_stack(form: &Form) -> Result<Stack, Vec<FieldError>> {
    let mut errors = FieldErrors::default();
    let mut services = Map::new();
    let mut volumes = Map::new();
    for app in form.apps() {
        if let Some(error) = problem_with_image(&app) {
            errors.list.push(error);
        }
        services.insert(app.code().to_owned(), service(form, &app));
        for volume in app.volumes().iter().filter(|volume| volume.is_named()) {
            volumes.insert(volume.host_path.clone(), named_volume(&volume.host_path));
        }
    }
    let networks =
        form.networks().map(|network| (network.name().to_owned(), declaration(&network))).collect();
    let edits: Vec<Edit> = [("services", services), ("volumes", volumes), ("networks", networks)]
        .into_iter()
        .filter(|(_, entries)| !entries.is_empty())
        .map(|(key, entries)| Edit::SetKey { path: vec![key.to_owned()], value: Value::Object(entries) })
        .collect();
    let stack = Stack::default().apply_all(&edits);
    match stack {
        Ok(stack) if errors.list.is_empty() => Ok(stack),
        Ok(_) => Err(errors.list),
        Err(refusal) => {
            errors.add("custom", refusal.message);
            Err(errors.list)
        }
    }
}

/// The error if an image is missing or not valid.
pub fn problem_with_image(app: &App<'_>) -> Option<FieldError> {
    let Some(image) = app.image() else {
        return Some(FieldError {
            field: app.path("dockerhub_name"),
            message: "an image is required: give dockerhub_name or dockerhub_image".to_owned(),
        });
    };
    let field = if app.text("dockerhub_name").is_empty() { "dockerhub_image" } else { "dockerhub_name" };
    let message = ImageReference::read(&image).problem()?;
    Some(FieldError { field: app.path(field), message })
}

/// The body of a service. Its keys are in the order in which they have always been written.
pub fn service(form: &Form, app: &App<'_>) -> Value {
    let mut body = Map::new();
    let mut set = |key: &str, value: Value| {
        let empty = match &value {
            Value::Null => true,
            Value::String(text) => text.is_empty(),
            Value::Array(items) => items.is_empty(),
            Value::Object(entries) => entries.is_empty(),
            _ => false,
        };
        if !empty {
            body.insert(key.to_owned(), value);
        }
    };
    set("image", app.image().into());
    set("ports", app.ports().iter().map(port).collect());
    let variables = app.environment().into_iter().map(|(key, value)| (key.to_owned(), value.into()));
    set("environment", Value::Object(variables.collect()));
    set("restart", app.text("restart").into());
    set(
        "volumes",
        app.volumes()
            .iter()
            .map(|volume| {
                let kind = if volume.is_named() { "volume" } else { "bind" };
                json!({"source": volume.host_path, "target": volume.container_path, "type": kind})
            })
            .collect(),
    );
    set("networks", networks(form, app).into());
    set("command", app.text("command").into());
    set("entrypoint", app.text("entrypoint").into());
    Value::Object(body)
}

fn port(port: &super::app::SharedPort) -> Value {
    let mut mapping = Map::new();
    mapping.insert("target".to_owned(), port.container.into());
    if let Some(host) = port.host {
        mapping.insert("published".to_owned(), host.into());
    }
    if let Some(protocol) = &port.protocol {
        mapping.insert("protocol".to_owned(), protocol.as_str().into());
    }
    Value::Object(mapping)
}

/// The names of an app's networks, without duplicates.
pub fn networks<'f>(form: &'f Form, app: &App<'f>) -> Vec<&'f str> {
    let mut names: Vec<&str> = Vec::new();
    for name in app.network_ids().filter_map(|id| form.network_named(id)) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

pub fn named_volume(name: &str) -> Value {
    json!({
        "driver": "local",
        "driver_opts": {"type": "none", "o": "bind", "device": format!("/root/project/{name}")},
        "name": name,
    })
}

pub fn declaration(network: &Network<'_>) -> Value {
    let traits = network.traits();
    let mut body: Map<String, Value> = traits
        .keys()
        .into_iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(key, value)| (key.to_owned(), value))
        .collect();
    body.insert("external".to_owned(), traits.external.into());
    body.insert("name".to_owned(), network.name().into());
    Value::Object(body)
}
