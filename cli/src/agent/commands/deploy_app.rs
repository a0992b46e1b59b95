//! `deploy_app`: with a compose file, deploys that; without one, brings what is deployed up again.

use std::{
    collections::BTreeMap,
    path::{Component, Path},
};

use bollard::auth::DockerCredentials;
use domain::{
    compose::is_service_name,
    deploy::{DeployStack, StackName},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Work, parameters, target};
use crate::agent::{
    ambient, files,
    outcome::{Outcome, Problem},
    stacks::{deploy, real_path::make_folder, record::StackFolder, render::sha256},
};

#[derive(Deserialize)]
struct DeployApp {
    app_code: String,
    #[serde(default)]
    compose_content: Option<String>,
    #[serde(default)]
    env_vars: BTreeMap<String, Value>,
    #[serde(default)]
    force_recreate: bool,
    #[serde(default)]
    config_files: Vec<ConfigFile>,
    #[serde(default)]
    registry_auth: Option<RegistryAuth>,
}

#[derive(Deserialize)]
struct ConfigFile {
    content: String,
    destination_path: String,
}

#[derive(Deserialize)]
struct RegistryAuth {
    #[serde(default)]
    registry: Option<String>,
    username: String,
    password: String,
}

pub async fn run(work: &Work) -> Outcome {
    let (request, credentials) = match prepare(work) {
        Ok(prepared) => prepared,
        Err(problem) => return Outcome::failed(problem),
    };
    let app_code = parameters::text(work, "app_code").unwrap_or_default();
    let mut outcome = deploy::run(work, request, credentials).await;
    let (status, state) =
        if outcome.problem.is_none() { ("deployed", "running") } else { ("failed", "failed") };
    if let Some(Value::Object(result)) = &mut outcome.result {
        let output = result.get("message").cloned().unwrap_or(Value::Null);
        let head = [
            ("type", json!("deploy_app")),
            ("deployment_hash", json!(work.command.deployment_hash)),
            ("app_code", json!(app_code)),
            ("status", json!(status)),
            ("container_state", json!(state)),
            ("deployed_at", json!(ambient::now())),
            ("output", output),
            ("warnings", json!([])),
        ];
        result.extend(head.map(|(key, value)| (key.to_owned(), value)));
    }
    outcome
}

fn prepare(work: &Work) -> Result<(DeployStack, Option<DockerCredentials>), Problem> {
    let app = parameters::read::<DeployApp>(work)?;
    if !is_service_name(&app.app_code) {
        return Err(Problem::new("invalid-parameters", "deploy_app.app_code is no name of a service"));
    }
    let record = target::record(work).ok();
    let stack = match &record {
        Some(record) => record.stack.clone(),
        None => new_name(&app.app_code, &work.command.deployment_hash)?,
    };
    let folder = StackFolder::new(&work.agent.folder, &stack);
    let compose = match app.compose_content.filter(|text| !text.trim().is_empty()) {
        Some(text) => text,
        None => folder.last_good().compose().ok_or_else(|| {
            Problem::new(
                "invalid-parameters",
                "deploy_app.compose_content is required: nothing is deployed here yet",
            )
        })?,
    };
    folder.make()?;
    for file in &app.config_files {
        write_config(&folder.project(), file)?;
    }
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let request = DeployStack {
        stack,
        revision: record
            .as_ref()
            .and_then(|record| record.last_good)
            .map_or(1, |last| last.saturating_add(1)),
        compose,
        variables: app.env_vars.iter().map(|(key, value)| (key.clone(), text(value))).collect(),
        plan_hash: None,
        health_timeout_secs: 120,
        recreate: if app.force_recreate { vec![app.app_code] } else { Vec::new() },
    };
    let credentials = app.registry_auth.map(|auth| DockerCredentials {
        username: Some(auth.username),
        password: Some(auth.password),
        serveraddress: auth.registry,
        ..DockerCredentials::default()
    });
    Ok((request, credentials))
}

/// Readable, and of this deployment alone.
fn new_name(app_code: &str, deployment_hash: &str) -> Result<StackName, Problem> {
    let allowed = |c: &char| c.is_ascii_lowercase() || c.is_ascii_digit() || *c == '-';
    let app: String = app_code.to_ascii_lowercase().chars().filter(allowed).take(30).collect();
    let hash: String = sha256(deployment_hash).chars().take(8).collect();
    let name = format!("{}-{hash}", app.trim_matches('-'));
    StackName::parse(name.trim_start_matches('-'))
        .ok_or_else(|| Problem::new("invalid-parameters", "deploy_app.app_code cannot name a stack"))
}

/// Inside the stack's folder, whatever path was meant on hosts of old.
fn write_config(project: &Path, file: &ConfigFile) -> Result<(), Problem> {
    let refused = |why: &str| {
        Problem::new("policy", format!("the file `{}` is not written: {why}", file.destination_path))
    };
    let written = &file.destination_path;
    let below = written.strip_prefix("/root/project/").or(written.strip_prefix("./")).unwrap_or(written);
    let path = Path::new(below);
    if below.is_empty() || !path.components().all(|part| matches!(part, Component::Normal(_))) {
        return Err(refused("it is outside of the stack's folder"));
    }
    let target = project.join(path);
    if let Some(parent) = target.parent() {
        make_folder(project, parent).map_err(|error| refused(&error.to_string()))?;
    }
    files::write(&target, file.content.as_bytes()).map_err(|error| refused(&error.to_string()))
}
