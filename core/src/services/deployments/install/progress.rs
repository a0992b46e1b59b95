//! What the install service reports about a deployment: read, applied once, and shown to the pages that follow it.

use chrono::{DateTime, Utc};
use domain::{
    api::{Happened, RevisionOutcome},
    callback::CallbackEvent,
    deploy::DeploymentStatus,
    install::{Outcome, Progress, transition},
};
use sha2::{Digest as _, Sha256};
use sqlx::PgConnection;

use super::super::Deployments;
use crate::{
    connectors::broker::Delivery,
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

/// A message as it arrived.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a> {
    pub body: &'a [u8],
    /// The broker has delivered it before, so it may have been applied already; then nothing changes.
    pub redelivered: bool,
}

impl<'a> From<&'a Delivery> for Message<'a> {
    fn from(delivery: &'a Delivery) -> Self {
        Self { body: &delivery.body, redelivered: delivery.redelivered }
    }
}

impl Deployments {
    /// Applies one message, as [`Self::progressed_together`] does.
    pub async fn progressed(&self, body: &[u8], redelivered: bool) -> Result<(), ProgressRefusal> {
        self.progressed_together(&[Message { body, redelivered }]).await
    }

    /// Applies messages in this order, all in one transaction: many arrive at once, and a commit takes longer than the rest. After an
    /// error nothing has changed; [`ProgressRefusal::Poison`] then means that one of them can never be applied.
    pub async fn progressed_together(&self, messages: &[Message<'_>]) -> Result<(), ProgressRefusal> {
        let read = |message: &Message<'_>| {
            Progress::read(message.body)
                .map_err(|error| ProgressRefusal::Poison(format!("{}: {error}", error.code())))
        };
        let progresses = messages.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        let now = self.core.context.clock.now();

        let mut transaction = self.core.pool.begin().await?;
        if progresses.len() > 1 {
            install::lock_named(&mut transaction, &progresses).await?;
        }
        let mut happened = Vec::new();
        for (message, progress) in messages.iter().zip(progresses) {
            happened.extend(take(&mut transaction, *message, progress, now).await?);
        }
        deployment_events::append_to_many(&mut transaction, &happened, now).await?;
        Ok(transaction.commit().await?)
    }
}

/// Applies one message, and returns what pages have to learn, with the hash of the deployment. A message that changes nothing is
/// remembered all the same.
async fn take(
    connection: &mut PgConnection,
    message: Message<'_>,
    progress: Progress,
    now: DateTime<Utc>,
) -> Result<Vec<(String, Happened)>, ProgressRefusal> {
    let sha256: [u8; 32] = Sha256::digest(message.body).into();
    let hash = progress.deployment_hash.as_deref();
    let tracked = install::track(connection, progress.deployment_id, hash, &sha256, now).await?;
    let Some(tracked) = tracked else {
        return Err(ProgressRefusal::Poison(
            "unknown-deployment: no deployment to a cloud has this id and hash".to_owned(),
        ));
    };
    if message.redelivered && !tracked.is_new_message {
        return Ok(Vec::new());
    }
    let status = match transition(tracked.status, progress.status) {
        Outcome::Apply(status) => status,
        Outcome::Record => tracked.status,
        Outcome::Ignore(reason) => {
            let reason = reason.as_str();
            tracing::info!(deployment = tracked.id, reason, "a progress message changes nothing");
            return Ok(Vec::new());
        }
    };
    let applied = apply(connection, &tracked, status, progress, now).await?;
    Ok(applied.into_iter().map(|event| (tracked.hash.clone(), event)).collect())
}

/// Stores what a message says, and returns what pages have to learn.
async fn apply(
    connection: &mut PgConnection,
    tracked: &Tracked,
    status: DeploymentStatus,
    progress: Progress,
    now: DateTime<Utc>,
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
    connection: &mut PgConnection,
    tracked: &Tracked,
    reported: &Reported,
    now: DateTime<Utc>,
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
