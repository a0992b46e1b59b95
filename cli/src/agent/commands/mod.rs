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
    command::Kind,
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
            Ok(request) => deploy::run(work, request, deploy::Additions::default()).await,
            Err(failure) => CommandOutcome::failed(failure),
        },
        Some(Kind::PlanStack) => plan(work).await.into(),
        // `dispatch` runs `cancel` itself: it must not wait for the command that it cancels.
        Some(Kind::TriggerPipe | Kind::Cancel) | None => CommandOutcome::failed(Failure::new(
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
