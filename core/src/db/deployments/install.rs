//! What the install service reports about deployments to clouds. The deployment must be locked for every write.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use domain::{api::InstallState, deploy::DeploymentStatus, install::Progress};
use sqlx::PgConnection;

use super::status;
use crate::db::Pool;

/// A deployment that goes through the install service.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    pub cloud_id: Option<i32>,
    pub server_id: i32,
}

/// What a message of the install service changes. What is `None` stays as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reported {
    pub status: DeploymentStatus,
    /// Replaces the stored one, also if it is `None`.
    pub running_revision: Option<i32>,
    /// Percent.
    pub progress: Option<i16>,
    pub message: Option<String>,
    pub srv_ip: Option<String>,
    pub ssh_port: Option<i32>,
}

/// A deployment that a message is about.
#[derive(Clone, Debug)]
pub struct Tracked {
    pub id: i32,
    pub hash: String,
    pub status: DeploymentStatus,
    pub running_revision: Option<i32>,
    /// Whether a message with the same body was not applied before.
    pub is_new_message: bool,
}

pub async fn set_target(
    connection: &mut PgConnection,
    id: i32,
    provider: &str,
    target: Target,
) -> anyhow::Result<()> {
    sqlx::query!(
        "update deployment set provider = $2, cloud_id = $3, server_id = $4 where id = $1",
        id,
        provider,
        target.cloud_id,
        target.server_id,
    )
    .execute(connection)
    .await
    .context("noting what a deployment goes to")?;
    Ok(())
}

/// Locks the deployments that messages name, in one order: two servers that apply many messages at once then cannot wait for each
/// other.
pub async fn lock_named(connection: &mut PgConnection, messages: &[Progress]) -> anyhow::Result<()> {
    let ids: Vec<i32> = messages.iter().filter_map(|message| message.deployment_id).collect();
    let hashes: Vec<String> = messages.iter().filter_map(|message| message.deployment_hash.clone()).collect();
    sqlx::query!(
        r#"
        select id
        from deployment
        where (id = any($1) or deployment_hash = any($2)) and server_id is not null and not deleted
        order by id
        for update
        "#,
        &ids,
        &hashes,
    )
    .fetch_all(connection)
    .await
    .context("locking deployments to note their progress")?;
    Ok(())
}

/// Locks the deployment that has this id and hash, each where it is given, and remembers the message. `None`: there is none that
/// goes through the install service.
pub async fn track(
    connection: &mut PgConnection,
    id: Option<i32>,
    hash: Option<&str>,
    sha256: &[u8; 32],
    now: DateTime<Utc>,
) -> anyhow::Result<Option<Tracked>> {
    let row = sqlx::query!(
        r#"
        with tracked as (
            select id, deployment_hash, status, running_revision
            from deployment
            where ($1::integer is null or id = $1) and ($2::text is null or deployment_hash = $2)
                and server_id is not null and not deleted
            limit 1
            for update
        ), remembered as (
            insert into progress_message (deployment_id, body_hash, received_at)
            select id, $3, $4 from tracked
            on conflict do nothing
            returning deployment_id
        )
        select id, deployment_hash, status, running_revision, exists (select from remembered) as "is_new_message!"
        from tracked
        "#,
        id,
        hash,
        sha256,
        now,
    )
    .fetch_optional(connection)
    .await
    .context("reading a deployment to note its progress")?;
    row.map(|row| {
        Ok(Tracked {
            id: row.id,
            hash: row.deployment_hash,
            status: status(&row.status)?,
            running_revision: row.running_revision,
            is_new_message: row.is_new_message,
        })
    })
    .transpose()
}

/// Stores what a message says. Returns everything that is known then.
pub async fn report(
    connection: &mut PgConnection,
    id: i32,
    reported: &Reported,
    now: DateTime<Utc>,
) -> anyhow::Result<InstallState> {
    let row = sqlx::query!(
        r#"
        with changed as (
            update deployment
            set status = $2, running_revision = $3, progress = coalesce($4, progress),
                status_message = coalesce($5, status_message), updated_at = $8
            where id = $1
            returning cloud_id, server_id, progress, status_message
        ), reached as (
            update server s
            set srv_ip = coalesce($6, s.srv_ip), ssh_port = coalesce($7, s.ssh_port), updated_at = $8
            from changed
            where s.id = changed.server_id
            returning s.srv_ip, s.ssh_port
        )
        select changed.progress, changed.status_message, c.name as "cloud_name?", reached.srv_ip as "srv_ip?",
            reached.ssh_port as "ssh_port?"
        from changed
        left join reached on true
        left join cloud c on c.id = changed.cloud_id
        "#,
        id,
        reported.status.as_str(),
        reported.running_revision,
        reported.progress,
        reported.message,
        reported.srv_ip,
        reported.ssh_port,
        now,
    )
    .fetch_one(connection)
    .await
    .context("noting the progress of a deployment")?;
    Ok(InstallState {
        cloud_name: row.cloud_name,
        progress: row.progress.and_then(|percent| u8::try_from(percent).ok()),
        message: row.status_message,
        waiting_since: None,
        srv_ip: row.srv_ip,
        ssh_port: row.ssh_port,
    })
}

/// What pages show of a deployment, also whether its message waits for the broker.
pub async fn state(connection: &mut PgConnection, hash: &str) -> anyhow::Result<InstallState> {
    let row = sqlx::query!(
        r#"
        select d.progress, d.status_message, c.name as "cloud_name?", s.srv_ip as "srv_ip?", s.ssh_port as "ssh_port?",
            o.created_at as "waiting_since?"
        from deployment d
        left join cloud c on c.id = d.cloud_id
        left join server s on s.id = d.server_id
        left join outbox o on o.destination = 'install' and o.subject = d.deployment_hash and o.attempts > 0
        where d.deployment_hash = $1
        "#,
        hash,
    )
    .fetch_optional(connection)
    .await
    .context("reading how far the install service is")?;
    Ok(row.map_or_else(InstallState::default, |row| InstallState {
        cloud_name: row.cloud_name,
        progress: row.progress.and_then(|percent| u8::try_from(percent).ok()),
        message: row.status_message,
        waiting_since: row.waiting_since,
        srv_ip: row.srv_ip,
        ssh_port: row.ssh_port,
    }))
}

/// Whether a deployment goes through the install service.
pub async fn is_install(connection: &mut PgConnection, id: i32) -> anyhow::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from deployment where id = $1 and server_id is not null) as "is!""#,
        id
    )
    .fetch_one(connection)
    .await
    .context("asking whether a deployment goes to a cloud")
}

/// Why nothing was sent to the install service. The deployment must be locked.
pub async fn set_message(connection: &mut PgConnection, id: i32, message: &str) -> anyhow::Result<()> {
    sqlx::query!("update deployment set status_message = $2 where id = $1", id, message)
        .execute(connection)
        .await
        .context("noting why a deployment was not sent")?;
    Ok(())
}

/// Messages are redelivered within hours, so older ones need not be remembered.
pub async fn forget_messages_before(pool: &Pool, before: DateTime<Utc>) -> anyhow::Result<()> {
    sqlx::query!("delete from progress_message where received_at < $1", before)
        .execute(pool)
        .await
        .context("forgetting old messages of the install service")?;
    Ok(())
}
