//! Renders the file for compose: the effective document with our label on each container. For an older compose, keys that it does
//! not know are removed if they are not essential.

use std::collections::BTreeMap;

use domain::deploy::Effective;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::agent::{
    engine::{compose::Dialect, containers::FINGERPRINT},
    failure::Failure,
};

/// Service keys newer than docker-compose 1.29 that do not change what runs.
const DISPENSABLE: &[&str] = &["attach", "develop", "annotations", "pull_refresh_after", "pull_policy"];
/// Newer service keys that change what runs.
const TOO_NEW: &[&str] =
    &["gpus", "models", "post_start", "pre_stop", "provider", "use_api_socket", "label_file"];

/// For each active service, the hash of its definition.
pub fn fingerprints(effective: &Effective) -> BTreeMap<String, String> {
    let services = effective.active_services();
    services.map(|service| (service.name.clone(), sha256(&effective.definition(&service.name)))).collect()
}

pub fn sha256(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

pub fn render(
    effective: &Effective,
    fingerprints: &BTreeMap<String, String>,
    dialect: Dialect,
) -> Result<String, Failure> {
    let unreadable = |error: serde_json::Error| Failure::new("invalid-file", error.to_string());
    let mut document: Value = serde_json::from_str(effective.text()).map_err(unreadable)?;
    let services = document.get_mut("services").and_then(Value::as_object_mut);
    for (name, service) in services.into_iter().flatten() {
        let Some(service) = service.as_object_mut() else { continue };
        if let Some(fingerprint) = fingerprints.get(name) {
            label(service, fingerprint);
        }
        if dialect == Dialect::Old {
            simplify(name, service)?;
        }
    }
    serde_json::to_string_pretty(&document).map_err(unreadable)
}

fn label(service: &mut Map<String, Value>, fingerprint: &str) {
    match service.get_mut("labels") {
        Some(Value::Object(labels)) => {
            labels.insert(FINGERPRINT.to_owned(), fingerprint.into());
        }
        Some(Value::Array(labels)) => {
            labels.retain(|label| {
                label.as_str().is_none_or(|label| label.split('=').next() != Some(FINGERPRINT))
            });
            labels.push(format!("{FINGERPRINT}={fingerprint}").into());
        }
        _ => {
            service.insert("labels".to_owned(), json!({FINGERPRINT: fingerprint}));
        }
    }
}

fn simplify(name: &str, service: &mut Map<String, Value>) -> Result<(), Failure> {
    service.retain(|key, _| !DISPENSABLE.contains(&key.as_str()));
    if let Some(key) = TOO_NEW.iter().find(|key| service.contains_key(**key)) {
        return Err(Failure::new(
            "compose-too-old",
            format!(
                "service `{name}` uses `{key}`, which docker-compose on this host does not support: install docker-compose-plugin"
            ),
        ));
    }
    // The older compose reads the number of containers from `scale` only, and rejects a file with both keys.
    if let Some(count) =
        service.get_mut("deploy").and_then(Value::as_object_mut).and_then(|one| one.remove("replicas"))
    {
        service.entry("scale").or_insert(count);
    }
    if let Some(check) = service.get_mut("healthcheck").and_then(Value::as_object_mut) {
        check.remove("start_interval");
    }
    if let Some(dependencies) = service.get_mut("depends_on").and_then(Value::as_object_mut) {
        for dependency in dependencies.values_mut().filter_map(Value::as_object_mut) {
            dependency.retain(|key, _| key == "condition");
        }
    }
    // The older compose does not know entries of `env_file` that are mappings.
    if let Some(files) = service.get_mut("env_file").and_then(Value::as_array_mut) {
        for file in files.iter_mut() {
            if let Some(path) = file.get("path").cloned() {
                *file = path;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use domain::stack::Stack;

    use super::*;

    fn effective(text: &str) -> Effective {
        Effective::of(&Stack::read(text), &BTreeMap::new(), "/p").unwrap()
    }

    fn rendered(text: &str, dialect: Dialect) -> Result<Value, Failure> {
        let effective = effective(text);
        render(&effective, &fingerprints(&effective), dialect)
            .map(|text| serde_json::from_str(&text).unwrap())
    }

    #[test]
    fn every_container_carries_the_hash_of_its_definition() {
        for labels in
            ["", "    labels: {a: b}\n", "    labels: [\"a=b\", \"dev.stacker.definition=forged\"]\n"]
        {
            let text = format!("services:\n  web:\n    image: a:1\n{labels}");
            let fingerprint = fingerprints(&effective(&text))["web"].clone();
            let document = rendered(&text, Dialect::Current).unwrap();
            let labels = &document["services"]["web"]["labels"];
            let listed = labels.as_array().map(|items| {
                items
                    .iter()
                    .filter_map(Value::as_str)
                    .filter(|label| label.starts_with(FINGERPRINT))
                    .collect::<Vec<_>>()
            });
            match listed {
                Some(listed) => assert_eq!(listed, [format!("{FINGERPRINT}={fingerprint}")]),
                None => assert_eq!(labels[FINGERPRINT], json!(fingerprint)),
            }
        }
    }

    #[test]
    fn an_old_compose_gets_only_keys_that_it_knows() {
        let text = "services:\n  web:\n    image: a:1\n    attach: false\n    deploy: {replicas: 2}\n    depends_on: {db: {condition: service_healthy, restart: true, required: true}}\n    healthcheck: {test: [CMD, x], start_interval: 1s}\n  db:\n    image: a:1\n    healthcheck: {test: [CMD, x]}\n";
        let web = rendered(text, Dialect::Old).unwrap()["services"]["web"].clone();
        assert_eq!(web["depends_on"], json!({"db": {"condition": "service_healthy"}}));
        assert_eq!(web["healthcheck"], json!({"test": ["CMD", "x"]}));
        assert!(web.get("attach").is_none());
        assert_eq!((web["scale"].clone(), web["deploy"].clone()), (json!(2), json!({})));
        let new = rendered(text, Dialect::Current).unwrap()["services"]["web"].clone();
        assert_eq!(
            (new["attach"].clone(), new["depends_on"]["db"]["restart"].clone()),
            (json!(false), json!(true))
        );
        let hook = "services:\n  web:\n    image: a:1\n    post_start: [{command: [x]}]\n";
        assert_eq!(rendered(hook, Dialect::Old).unwrap_err().code, "compose-too-old");
    }
}
