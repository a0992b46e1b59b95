//! The commands, one file each. `docs/agents.md` describes their parameters and results.

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

use domain::{
    command::CommandKind,
    deploy::{DeployStack, PlanStack, Pull},
};

use super::{
    deploy::{self, plan as planning},
    failure::Failure,
    outcome::CommandOutcome,
    work::Work,
};

pub async fn run(work: &Work) -> CommandOutcome {
    match work.command.kind() {
        Some(CommandKind::Health) => health::run(work).await,
        Some(CommandKind::Logs) => logs::run(work).await.into(),
        Some(CommandKind::Restart) => restart::restart(work).await,
        Some(CommandKind::Start) => restart::start(work).await,
        Some(CommandKind::Stop) => restart::stop(work).await,
        Some(CommandKind::ListContainers) => list_containers::run(work).await.into(),
        Some(CommandKind::Exec) => exec::run(work).await.into(),
        Some(CommandKind::ServerResources) => resources::run(work).await.into(),
        Some(CommandKind::DeployApp) => deploy_app::run(work).await,
        Some(CommandKind::RemoveApp) => remove::app(work).await.into(),
        Some(CommandKind::RemoveStack) => remove::stack(work).await.into(),
        Some(CommandKind::DeployStack) => match parameters::read::<DeployStack>(work) {
            Ok(request) => deploy::run(work, request, deploy::Additions::default()).await,
            Err(failure) => CommandOutcome::failed(failure),
        },
        Some(CommandKind::PlanStack) => plan(work).await.into(),
        // `dispatch` runs `cancel` itself, because `cancel` must not wait for the command that it cancels.
        Some(CommandKind::TriggerPipe | CommandKind::Cancel) | None => CommandOutcome::failed(Failure::new(
            "unknown-command",
            format!("this agent does not know the command `{}`", work.command.r#type),
        )),
    }
}

async fn plan(work: &Work) -> Result<serde_json::Value, Failure> {
    let request = parameters::read::<PlanStack>(work)?;
    let wanted = planning::Wanted {
        stack: &request.stack,
        compose: &request.compose,
        variables: &request.variables,
        pull: Pull::default(),
    };
    let planned = tokio::select! {
        () = work.cancel.cancelled() => Err(Failure::cancelled()),
        planned = planning::plan(work, &wanted) => planned,
    };
    planned.map(|(ready, _)| planning::plan_result(&ready.plan))
}
