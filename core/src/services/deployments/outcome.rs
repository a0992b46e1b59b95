//! What the start or end of a command means for its deployment. Called inside the transaction that starts or ends it.
//!
//! Agents may be outdated, faulty or hostile: a result of another shape is never an error here. What can be read is used;
//! otherwise the state of the command decides.

use domain::{
    api::{Command, Happened, RevisionOutcome},
    callback::CallbackEvent,
    command::{CommandKind, State, code::PLAN_STALE, failure_text, has_failure_code},
    deploy::{DeployOutcome, DeployResult, DeploymentStatus, PlanResult},
};
use serde::Deserialize as _;
use serde_json::Value;
use sqlx::PgConnection;

use super::host_state;
use crate::{
    context::Context,
    db::deployments::{self, Stored, deployment_events, deployment_revisions, deployment_services},
    services::callbacks::events::{self as callbacks, Told},
};

/// Longer explanations are cut: they are shown in one place.
const MAX_REASON_CHARACTERS: usize = 2_000;

/// Called at the first delivery of a command.
pub async fn command_began(
    connection: &mut PgConnection,
    command: &Command,
    _revision: Option<i32>,
    context: &Context,
) -> anyhow::Result<()> {
    if !matches!(kind_of(command), Some(CommandKind::DeployStack | CommandKind::RemoveStack)) {
        return Ok(());
    }
    let Some(deployment) = deployments::find_locked_by_hash(connection, &command.deployment_hash).await?
    else {
        return Ok(());
    };
    if has_ended(&deployment) {
        return Ok(());
    }
    let (running, status) = (deployment.running_revision, DeploymentStatus::InProgress);
    if kind_of(command) == Some(CommandKind::DeployStack) {
        let started = CallbackEvent::DeploymentStarted;
        let told = Told::status(status);
        callbacks::deployment(connection, &deployment.hash, started, told, context.clock.now()).await?;
    }
    set_state(connection, &deployment, status, running, context).await
}

/// Called when a command has ended: reported, expired or cancelled. `revision` is the revision that it was about.
pub async fn command_ended(
    connection: &mut PgConnection,
    command: &Command,
    revision: Option<i32>,
    context: &Context,
) -> anyhow::Result<()> {
    let Some(kind @ (CommandKind::PlanStack | CommandKind::DeployStack | CommandKind::RemoveStack)) =
        kind_of(command)
    else {
        return Ok(());
    };
    let Some(deployment) = deployments::find_locked_by_hash(connection, &command.deployment_hash).await?
    else {
        return Ok(());
    };
    match (kind, revision) {
        (CommandKind::PlanStack, Some(number)) => {
            planned(connection, &deployment, number, command, context).await
        }
        (CommandKind::DeployStack, Some(number)) => {
            deployed(connection, &deployment, number, command, context).await
        }
        (CommandKind::RemoveStack, _) => removed(connection, &deployment, command, context).await,
        // A client created this command itself: it belongs to no revision.
        _ => Ok(()),
    }
}

async fn planned(
    connection: &mut PgConnection,
    deployment: &Stored,
    number: i32,
    command: &Command,
    context: &Context,
) -> anyhow::Result<()> {
    let plan = (command.status == State::Completed).then(|| plan_in(command.result.as_ref())).flatten();
    let message = match (&plan, command.status) {
        (Some(_), _) => None,
        (None, State::Completed) => Some("the agent's answer is not a plan".to_owned()),
        (None, _) => command.error.as_ref().and_then(reason),
    };
    if let Some(plan) = &plan
        && !deployment_revisions::keep_plan(connection, deployment.id, number, plan).await?
    {
        // An attempt to deploy the revision was made meanwhile, so the plan is of no more use.
        return Ok(());
    }
    let event = Happened::Revision { number, outcome: RevisionOutcome::Planned, message };
    deployment_events::append(connection, &deployment.hash, &event, context.clock.now()).await
}

async fn deployed(
    connection: &mut PgConnection,
    deployment: &Stored,
    number: i32,
    command: &Command,
    context: &Context,
) -> anyhow::Result<()> {
    let now = context.clock.now();
    let result = command.result.as_ref().and_then(|result| DeployResult::deserialize(result).ok());
    let verdict = Verdict::of(command, result.as_ref(), deployment.running_revision, number);
    let message = result
        .as_ref()
        .map(|result| cut(&result.message))
        .filter(|message| !message.is_empty())
        .or_else(|| command.error.as_ref().and_then(reason));

    deployment_revisions::end(connection, deployment.id, number, verdict.outcome, message.as_deref(), now)
        .await?;
    if verdict.outcome == RevisionOutcome::Planned
        && let Some(plan) = result.as_ref().and_then(|result| result.plan.as_ref())
        && is_hash(&plan.plan_hash)
    {
        deployment_revisions::keep_plan(connection, deployment.id, number, plan).await?;
    }
    if !has_ended(deployment) {
        let status = match verdict.status {
            Some(status) => status,
            None => status_at_rest(connection, deployment.id).await?,
        };
        deployments::set_state(connection, deployment.id, status, verdict.running, now).await?;
        if let Some(result) = result.filter(|result| !result.services.is_empty()) {
            host_state::took_services(connection, deployment, result.services, context).await?;
        }
        if let Some(event) = verdict.event() {
            let told = Told::status(status).because(message.as_deref());
            callbacks::deployment(connection, &deployment.hash, event, told, now).await?;
        }
        let changed = Happened::Deployment { status, running_revision: verdict.running };
        deployment_events::append(connection, &deployment.hash, &changed, now).await?;
    }
    let event = Happened::Revision { number, outcome: verdict.outcome, message };
    deployment_events::append(connection, &deployment.hash, &event, now).await
}

async fn removed(
    connection: &mut PgConnection,
    deployment: &Stored,
    command: &Command,
    context: &Context,
) -> anyhow::Result<()> {
    if has_ended(deployment) {
        return Ok(());
    }
    if command.status == State::Completed {
        deployment_services::clear(connection, deployment.id).await?;
        deployments::set_drift(connection, deployment.id, &[]).await?;
        let status = DeploymentStatus::Removed;
        let (event, told) = (CallbackEvent::DeploymentRemoved, Told::status(status));
        callbacks::deployment(connection, &deployment.hash, event, told, context.clock.now()).await?;
        return set_state(connection, deployment, status, None, context).await;
    }
    let status = status_at_rest(connection, deployment.id).await?;
    set_state(connection, deployment, status, deployment.running_revision, context).await
}

/// How a `deploy_stack` ended.
struct Verdict {
    outcome: RevisionOutcome,
    /// `None`: the status that follows from the last finished attempt.
    status: Option<DeploymentStatus>,
    running: Option<i32>,
}

impl Verdict {
    fn of(command: &Command, result: Option<&DeployResult>, running: Option<i32>, number: i32) -> Self {
        let failed = |outcome| Self { outcome, status: Some(DeploymentStatus::Failed), running };
        let cancelled = Self { outcome: RevisionOutcome::Cancelled, status: None, running };
        if command.status == State::Cancelled {
            return cancelled;
        }
        let stale = command.error.as_ref().is_some_and(|error| has_failure_code(error, PLAN_STALE));
        match (result.map(|result| result.outcome), command.status) {
            (Some(DeployOutcome::Deployed), State::Completed) | (None, State::Completed) => Self {
                outcome: RevisionOutcome::Deployed,
                status: Some(DeploymentStatus::Completed),
                running: Some(number),
            },
            (Some(DeployOutcome::Refused), _)
                if stale || result.is_some_and(|result| result.plan.is_some()) =>
            {
                Self { outcome: RevisionOutcome::Planned, status: None, running }
            }
            (None, _) if stale => Self { outcome: RevisionOutcome::Planned, status: None, running },
            (Some(DeployOutcome::Refused), _) => failed(RevisionOutcome::Refused),
            (Some(DeployOutcome::ReturnedToLastGood), _) => failed(RevisionOutcome::Returned),
            (Some(DeployOutcome::Cancelled), _) => cancelled,
            (Some(DeployOutcome::Unhealthy), _) => Self {
                // The previous revision counts as running only if the agent reports that very revision.
                running: running.filter(|_| result.is_some_and(|result| result.running_revision == running)),
                ..failed(RevisionOutcome::Failed)
            },
            (Some(DeployOutcome::Deployed) | None, _) => failed(RevisionOutcome::Failed),
        }
    }
}

impl Verdict {
    /// What subscriptions hear. Nothing of an attempt that was cancelled, or that changed nothing.
    fn event(&self) -> Option<CallbackEvent> {
        match self.outcome {
            RevisionOutcome::Deployed => Some(CallbackEvent::DeploymentCompleted),
            RevisionOutcome::Failed | RevisionOutcome::Refused | RevisionOutcome::Returned => {
                Some(CallbackEvent::DeploymentFailed)
            }
            _ => None,
        }
    }
}

/// The status that follows from the last finished attempt.
async fn status_at_rest(connection: &mut PgConnection, id: i32) -> anyhow::Result<DeploymentStatus> {
    Ok(match deployment_revisions::last_tried(connection, id).await? {
        None => DeploymentStatus::Pending,
        Some(RevisionOutcome::Deployed) => DeploymentStatus::Completed,
        Some(_) => DeploymentStatus::Failed,
    })
}

async fn set_state(
    connection: &mut PgConnection,
    deployment: &Stored,
    status: DeploymentStatus,
    running: Option<i32>,
    context: &Context,
) -> anyhow::Result<()> {
    let now = context.clock.now();
    deployments::set_state(connection, deployment.id, status, running, now).await?;
    let event = Happened::Deployment { status, running_revision: running };
    deployment_events::append(connection, &deployment.hash, &event, now).await
}

/// Whether the host was revoked or the stack was removed: late reports then change nothing.
fn has_ended(deployment: &Stored) -> bool {
    matches!(deployment.status, DeploymentStatus::Removed | DeploymentStatus::Cancelled)
}

fn kind_of(command: &Command) -> Option<CommandKind> {
    command.r#type.kind()
}

fn plan_in(result: Option<&Value>) -> Option<PlanResult> {
    PlanResult::deserialize(result?).ok().filter(|plan| is_hash(&plan.plan_hash))
}

fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Why a command failed, for people.
pub(super) fn reason(error: &Value) -> Option<String> {
    failure_text(error).map(cut)
}

fn cut(text: &str) -> String {
    text.replace('\0', "\u{fffd}").chars().take(MAX_REASON_CHARACTERS).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_reason_is_found_wherever_agents_put_it() {
        assert_eq!(reason(&json!("no space left")), Some("no space left".to_owned()));
        assert_eq!(
            reason(&json!({"code": "never-fetched", "message": "nobody came"})).unwrap(),
            "nobody came"
        );
        let list = json!({"errors": [{"code": "plan-stale", "message": "changed"}, {"message": "more"}]});
        assert_eq!(reason(&list).unwrap(), "changed");
        assert!(has_failure_code(&list, PLAN_STALE));
        assert_eq!(reason(&json!({"errors": 3})), None);
        assert_eq!(reason(&json!("x".repeat(10_000))).unwrap().len(), MAX_REASON_CHARACTERS);
    }
}
