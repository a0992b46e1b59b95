//! `deploy_app`: deploys the given compose file or, without one, deploys the last good revision again.

use std::collections::BTreeMap;

use bollard::auth::DockerCredentials;
use domain::{
    compose::is_service_name,
    deploy::{DeployStack, Pull, StackName},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{parameters, target};
use crate::agent::{
    ambient,
    deploy::{self, Additions, render::sha256, staged},
    failure::Failure,
    outcome::CommandOutcome,
    stacks::{folder::StackFolder, revision::StagedFile},
    work::Work,
};

/// Readable for programs in containers, which usually run as another user than the agent.
const READABLE: u32 = 0o644;

#[derive(Deserialize)]
struct DeployApp {
    app_code: String,
    #[serde(default)]
    compose_content: Option<String>,
    #[serde(default)]
    env_vars: BTreeMap<String, Value>,
    #[serde(default)]
    force_recreate: bool,
    /// `None`: pulls only images that are missing or whose names are not pinned.
    #[serde(default)]
    pull: Option<bool>,
    #[serde(default)]
    config_files: Vec<ConfigFile>,
    #[serde(default)]
    registry_auth: Option<RegistryAuth>,
}

#[derive(Deserialize)]
struct ConfigFile {
    content: String,
    destination_path: String,
    #[serde(default)]
    file_mode: Option<Value>,
}

#[derive(Deserialize)]
struct RegistryAuth {
    #[serde(default)]
    registry: Option<String>,
    username: String,
    password: String,
}

pub async fn run(work: &Work) -> CommandOutcome {
    let (request, additions) = match prepare(work) {
        Ok(prepared) => prepared,
        Err(failure) => return CommandOutcome::failed(failure),
    };
    let app_code = parameters::text(work, "app_code").unwrap_or_default();
    let mut outcome = deploy::run(work, request, additions).await;
    let (status, state) =
        if outcome.failure.is_none() { ("deployed", "running") } else { ("failed", "failed") };
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

fn prepare(work: &Work) -> Result<(DeployStack, Additions), Failure> {
    let app = parameters::read::<DeployApp>(work)?;
    if !is_service_name(&app.app_code) {
        return Err(Failure::new("invalid-parameters", "deploy_app.app_code is not a service name"));
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
            Failure::new(
                "invalid-parameters",
                "deploy_app.compose_content is required: nothing is deployed here yet",
            )
        })?,
    };
    let files = app.config_files.iter().map(staged_file).collect::<Result<_, _>>()?;
    let pull = match app.pull {
        None => Pull::Unpinned,
        Some(true) => Pull::All,
        Some(false) => Pull::Missing,
    };
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let request = DeployStack {
        stack,
        revision: record
            .as_ref()
            .and_then(|record| record.last_good)
            .map_or(1, |last| last.saturating_add(1)),
        compose,
        // Without values of its own, the command keeps those of the last one.
        variables: (!app.env_vars.is_empty())
            .then(|| app.env_vars.iter().map(|(key, value)| (key.clone(), text(value))).collect()),
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
    Ok((request, Additions { credentials, files, pull }))
}

/// A readable stack name that is unique to this deployment.
fn new_name(app_code: &str, deployment_hash: &str) -> Result<StackName, Failure> {
    let allowed = |c: &char| c.is_ascii_lowercase() || c.is_ascii_digit() || *c == '-';
    let app: String = app_code.to_ascii_lowercase().chars().filter(allowed).take(30).collect();
    let hash: String = sha256(deployment_hash).chars().take(8).collect();
    let name = format!("{}-{hash}", app.trim_matches('-'));
    StackName::parse(name.trim_start_matches('-'))
        .ok_or_else(|| Failure::new("invalid-parameters", "deploy_app.app_code cannot name a stack"))
}

fn staged_file(file: &ConfigFile) -> Result<StagedFile, Failure> {
    let path = staged::below(&file.destination_path).and_then(|path| path.to_str().map(str::to_owned));
    let path = path.ok_or_else(|| {
        Failure::new(
            "policy",
            format!("the file `{}` is not written: it is outside the stack's folder", file.destination_path),
        )
    })?;
    let mode = match &file.file_mode {
        None | Some(Value::Null) => READABLE,
        Some(mode) => read_mode(mode).ok_or_else(|| {
            Failure::new(
                "invalid-parameters",
                format!("deploy_app.config_files: the mode {mode} of `{path}` is not like \"0644\""),
            )
        })?,
    };
    Ok(StagedFile { path, content: file.content.clone(), mode })
}

/// A file mode: `"0644"`, or a number with these digits. Set-user-id and similar bits are rejected.
fn read_mode(mode: &Value) -> Option<u32> {
    let text = mode.as_str().map_or_else(|| mode.to_string(), str::to_owned);
    let digits = text.trim().trim_start_matches("0o");
    u32::from_str_radix(digits, 8).ok().filter(|mode| *mode <= 0o777)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modes_are_octal_however_they_come() {
        for (mode, read) in [
            (json!("0600"), Some(0o600)),
            (json!("644"), Some(0o644)),
            (json!(755), Some(0o755)),
            (json!("4755"), None),
            (json!("rw"), None),
        ] {
            assert_eq!(read_mode(&mode), read, "{mode}");
        }
    }
}
