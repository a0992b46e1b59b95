//! The commands, one file each. What they take and answer is in `docs/agents.md`.

mod apps;
mod deploy_app;
mod exec;
mod health;
mod list_containers;
mod logs;
mod parameters;
mod remove;
mod resources;
mod restart;
mod target;

use std::sync::Arc;

use domain::{
    command::Kind,
    deploy::{DeployStack, PlanStack, Pull},
};
use tokio_util::sync::CancellationToken;

use super::{
    api::Delivered,
    outcome::{Outcome, Problem},
    progress::Progress,
    running::Agent,
    stacks::{deploy, planning},
};

/// One command at work.
pub struct Work {
    pub agent: Arc<Agent>,
    pub command: Delivered,
    pub cancel: CancellationToken,
    pub progress: Progress,
    /// It was begun before, and the agent was interrupted.
    pub resumed: bool,
}

pub async fn run(work: &Work) -> Outcome {
    match work.command.r#type.kind() {
        Some(Kind::Health) => health::run(work).await,
        Some(Kind::Logs) => logs::run(work).await.into(),
        Some(Kind::Restart) => restart::restart(work).await,
        Some(Kind::Start) => restart::start(work).await,
        Some(Kind::Stop) => restart::stop(work).await,
        Some(Kind::ListContainers) => list_containers::run(work).await.into(),
        Some(Kind::Exec) => exec::run(work).await.into(),
        Some(Kind::ServerResources) => resources::run(work).await.into(),
        Some(Kind::DeployApp) => deploy_app::run(work).await,
        Some(Kind::RemoveApp) => remove::app(work).await.into(),
        Some(Kind::RemoveStack) => remove::stack(work).await.into(),
        Some(Kind::DeployStack) => match parameters::read::<DeployStack>(work) {
            Ok(request) => deploy::run(work, request, deploy::Beside::default()).await,
            Err(problem) => Outcome::failed(problem),
        },
        Some(Kind::PlanStack) => plan(work).await.into(),
        // `cancel` is done before it gets here: it must not wait behind what it cancels.
        Some(Kind::TriggerPipe | Kind::Cancel) | None => Outcome::failed(Problem::new(
            "unknown-command",
            format!("this agent does not know the command `{}`", work.command.r#type),
        )),
    }
}

async fn plan(work: &Work) -> Result<serde_json::Value, Problem> {
    let request = parameters::read::<PlanStack>(work)?;
    let wanted = planning::Wanted {
        stack: &request.stack,
        compose: &request.compose,
        variables: &request.variables,
        pull: Pull::default(),
    };
    let planned = tokio::select! {
        () = work.cancel.cancelled() => Err(Problem::cancelled()),
        planned = planning::plan(work, &wanted) => planned,
    };
    planned.map(|(ready, _, _)| planning::plan_result(&ready.plan))
}
