//! `restart`, `start` and `stop` of one app.

use bollard::query_parameters::{RestartContainerOptions, StartContainerOptions, StopContainerOptions};
use serde_json::{Value, json};

use super::{
    apps,
    health::head,
    parameters,
    target::{self, Target},
};
use crate::agent::{
    engine::Engine, failure::Failure, outcome::CommandOutcome, stacks::folder::StackFolder, work::Work,
};

/// The action on each container of the app.
#[derive(Clone, Copy)]
enum Act {
    Start,
    /// Stops the container; it has this many seconds to end by itself.
    Stop(i32),
    Restart(i32),
}

impl Act {
    async fn on(self, engine: &Engine, id: &str) -> Result<(), Failure> {
        let done = match self {
            Self::Start => engine.docker.start_container(id, None::<StartContainerOptions>).await,
            Self::Stop(seconds) => {
                let options = StopContainerOptions { t: Some(seconds), ..StopContainerOptions::default() };
                engine.docker.stop_container(id, Some(options)).await
            }
            Self::Restart(seconds) => {
                let options =
                    RestartContainerOptions { t: Some(seconds), ..RestartContainerOptions::default() };
                engine.docker.restart_container(id, Some(options)).await
            }
        };
        Ok(done?)
    }
}

pub async fn restart(work: &Work) -> CommandOutcome {
    let seconds = if parameters::flag(work, "force", false) { 0 } else { 10 };
    let outcome = all(work, "restart", Act::Restart(seconds)).await;
    if outcome.failure.is_none() {
        remember(work, false);
    }
    outcome
}

pub async fn start(work: &Work) -> CommandOutcome {
    let outcome = all(work, "start", Act::Start).await;
    if outcome.failure.is_none() {
        remember(work, false);
    }
    outcome
}

pub async fn stop(work: &Work) -> CommandOutcome {
    let seconds = i32::try_from(parameters::number(work, "timeout", 30, 1, 300)).unwrap_or(30);
    // Recorded before the stop, so that the stop is not reported as drift.
    remember(work, true);
    let outcome = all(work, "stop", Act::Stop(seconds)).await;
    if outcome.failure.is_some() {
        remember(work, false);
    }
    outcome
}

/// Clients rely on the shape of the result, also after a failure.
async fn all(work: &Work, name: &str, act: Act) -> CommandOutcome {
    let mut result = head(work, name, parameters::text(work, "app_code").unwrap_or("-"));
    let acted = async {
        let target = Target::find(work).await?;
        for container in &target.containers {
            act.on(&target.engine, &container.id).await?;
        }
        Target::find(work).await
    };
    let acted: Result<Target, Failure> = tokio::select! {
        () = work.cancel.cancelled() => Err(Failure::cancelled()),
        acted = acted => acted,
    };
    let (status, state, failure) = match acted {
        Ok(target) => ("ok", target.containers.first().map_or("unknown", apps::container_state), None),
        Err(failure) => ("failed", "unknown", Some(failure)),
    };
    result["status"] = status.into();
    result["container_state"] = state.into();
    let errors: Vec<Value> =
        failure.iter().map(|failure| json!({"code": failure.code, "message": failure.message})).collect();
    result["errors"] = errors.into();
    CommandOutcome { result: Some(result), failure }
}

/// Records that a command has stopped the service, because that is not drift.
fn remember(work: &Work, stopped: bool) {
    let (Some(app_code), Ok(mut record)) = (parameters::text(work, "app_code"), target::record(work)) else {
        return;
    };
    record.stopped.retain(|service| service != app_code);
    if stopped {
        record.stopped.push(app_code.to_owned());
    }
    let folder = StackFolder::new(&work.agent.folder, &record.stack);
    if let Err(error) = folder.store(&record) {
        tracing::warn!("it cannot be stored that {app_code} was stopped by a command: {error}");
    }
}
