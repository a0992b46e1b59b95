//! What the install service reports about a deployment: read, applied once, and shown to the pages that follow it.

use domain::{
    api::{Happened, RevisionOutcome},
    callback::CallbackEvent,
    deploy::DeploymentStatus,
    install::{Outcome, Progress, transition},
};
use sha2::{Digest as _, Sha256};

use super::super::Deployments;
use crate::{
    db::deployments::{
        deployment_events, deployment_revisions,
        install::{self, Reported, Tracked},
    },
    services::callbacks::events::{self as callbacks, Told},
};

/// A cloud deployment has one revision.
const REVISION: i32 = 1;

#[derive(Debug, thiserror::Error)]
pub enum ProgressRefusal {
    /// The message can never be applied. As text, without what the message contains.
    #[error("{0}")]
    Poison(String),
    /// It can be applied later.
    #[error(transparent)]
    Internal(#[from] anyhow::Error),
}

impl From<sqlx::Error> for ProgressRefusal {
    fn from(error: sqlx::Error) -> Self {
        Self::Internal(error.into())
    }
}

impl Deployments {
    /// Applies a message. `redelivered`: the broker has delivered it before, so it may have been applied already; then nothing
    /// changes. After an error nothing has changed.
    pub async fn progressed(&self, body: &[u8], redelivered: bool) -> Result<(), ProgressRefusal> {
        let progress = Progress::read(body)
            .map_err(|error| ProgressRefusal::Poison(format!("{}: {error}", error.code())))?;
        let sha256: [u8; 32] = Sha256::digest(body).into();
        let now = self.core.context.clock.now();

        let mut transaction = self.core.pool.begin().await?;
        let tracked = install::track(
            &mut transaction,
            progress.deployment_id,
            progress.deployment_hash.as_deref(),
            &sha256,
            now,
        )
        .await?;
        let Some(tracked) = tracked else {
            return Err(ProgressRefusal::Poison(
                "unknown-deployment: no deployment to a cloud has this id and hash".to_owned(),
            ));
        };
        if redelivered && !tracked.is_new_message {
            return Ok(());
        }
        let status = match transition(tracked.status, progress.status) {
            Outcome::Apply(status) => status,
            Outcome::Record => tracked.status,
            Outcome::Ignore(reason) => {
                tracing::info!(
                    deployment = tracked.id,
                    reason = reason.as_str(),
                    "a progress message changes nothing"
                );
                // The message stays remembered.
                return Ok(transaction.commit().await?);
            }
        };
        let applied = apply(&mut transaction, &tracked, status, progress, now).await?;
        deployment_events::append_all(&mut transaction, &tracked.hash, &applied, now).await?;
        Ok(transaction.commit().await?)
    }
}

/// Stores what a message says, and returns what pages have to learn.
async fn apply(
    connection: &mut sqlx::PgConnection,
    tracked: &Tracked,
    status: DeploymentStatus,
    progress: Progress,
    now: chrono::DateTime<chrono::Utc>,
) -> anyhow::Result<Vec<Happened>> {
    let completed = status == DeploymentStatus::Completed;
    let percent = if completed { Some(100) } else { progress.percent.map(i16::from) };
    let message = (!progress.message.is_empty()).then_some(progress.message);
    let running_revision = if completed { Some(REVISION) } else { tracked.running_revision };
    let reported = Reported {
        status,
        running_revision,
        progress: percent,
        message: message.clone(),
        srv_ip: progress.srv_ip,
        ssh_port: progress.ssh_port.map(i32::from),
    };
    tell_subscribers(connection, tracked, &reported, now).await?;
    let state = install::report(connection, tracked.id, &reported, now).await?;
    let mut events = vec![Happened::Install { state }];
    if status != tracked.status {
        events.push(Happened::Deployment { status, running_revision });
        if let Some(outcome) = outcome(status) {
            let message = message.as_deref();
            deployment_revisions::end(connection, tracked.id, REVISION, outcome, message, now).await?;
            let message = message.map(str::to_owned);
            events.push(Happened::Revision { number: REVISION, outcome, message });
        }
    }
    Ok(events)
}

/// Callbacks of what a message says: the new status, and progress while the deployment is in progress.
async fn tell_subscribers(
    connection: &mut sqlx::PgConnection,
    tracked: &Tracked,
    reported: &Reported,
    now: chrono::DateTime<chrono::Utc>,
) -> anyhow::Result<()> {
    let status = reported.status;
    let told = Told { status, progress: reported.progress, message: reported.message.as_deref() };
    if status != tracked.status
        && let Some(event) = callbacks::event_of(status)
    {
        callbacks::deployment(connection, &tracked.hash, event, told, now).await?;
    }
    if status == DeploymentStatus::InProgress {
        let progress = CallbackEvent::DeploymentProgress;
        callbacks::deployment(connection, &tracked.hash, progress, told, now).await?;
    }
    Ok(())
}

/// How the revision ended; `None` while it has not.
fn outcome(status: DeploymentStatus) -> Option<RevisionOutcome> {
    match status {
        DeploymentStatus::Completed => Some(RevisionOutcome::Deployed),
        DeploymentStatus::Failed | DeploymentStatus::Error => Some(RevisionOutcome::Failed),
        DeploymentStatus::Cancelled => Some(RevisionOutcome::Cancelled),
        _ => None,
    }
}
