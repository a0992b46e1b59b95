//! Up: prepares what the services expect on the host, and starts the services.

use super::{
    deployment::{ComposeCall, Deployment},
    host::Host,
    host_folders,
    plan::{Ready, summary},
    staged, wait,
};
use crate::agent::failure::Failure;

/// Runs both steps under one time limit, because compose already waits for dependencies to become healthy and has no limit
/// of its own.
pub async fn up_and_wait(deployment: &Deployment<'_>, host: &Host, ready: &Ready) -> Result<(), Failure> {
    prepare(deployment, host, ready).await?;
    let timeout = deployment.health_timeout(1);
    let up_and_wait = async {
        up(deployment, host, ready).await?;
        deployment.say("wait", "for the services to become healthy");
        wait::until_healthy(deployment, host, &ready.extras, "wait", timeout, &deployment.work.cancel).await
    };
    wait::within_limit(deployment, host, timeout, up_and_wait).await.unwrap_or_else(|| {
        Err(Failure::new("unhealthy", "a service that others depend on did not become healthy in time"))
    })
}

/// Prepares external networks, the files of the command, and the mounted folders.
async fn prepare(deployment: &Deployment<'_>, host: &Host, ready: &Ready) -> Result<(), Failure> {
    let project = deployment.folder.project();
    deployment.say("up", summary(&ready.plan.plan));
    host_folders::networks(&host.engine, &ready.effective).await?;
    staged::install(&project, &deployment.files())
        .map_err(|error| Failure::new("folder", format!("cannot write the files of the command: {error}")))?;
    host_folders::folders(&ready.effective, &project, &ready.policy)
}

async fn up(deployment: &Deployment<'_>, host: &Host, ready: &Ready) -> Result<(), Failure> {
    compose_up(deployment, host, ready, &["up", "-d", "--remove-orphans"]).await?;
    let again: Vec<&str> = deployment
        .request
        .recreate
        .iter()
        .map(String::as_str)
        .filter(|service| ready.extras.fingerprints.contains_key(*service))
        .collect();
    if !again.is_empty() {
        let arguments = [&["up", "-d", "--no-deps", "--force-recreate"], again.as_slice()].concat();
        compose_up(deployment, host, ready, &arguments).await?;
    }
    Ok(())
}

async fn compose_up(
    deployment: &Deployment<'_>,
    host: &Host,
    ready: &Ready,
    arguments: &[&str],
) -> Result<(), Failure> {
    let (files, extras, cancel) = (&deployment.files(), &ready.extras, &deployment.work.cancel);
    deployment.compose(host, ComposeCall { step: "up", files, extras, arguments, cancel }).await
}
