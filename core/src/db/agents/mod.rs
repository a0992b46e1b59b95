//! Table `agents`.

pub(crate) mod agent_tokens;
pub(crate) mod enrolment_codes;
pub(crate) mod hosts;
pub(crate) mod joining;
mod sightings;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

pub use sightings::{Sighting, StatusChange, deployments_of, mark_offline, record_sightings};

use crate::{
    crypto::{SealedColumn, TokenHash},
    db::Pool,
};

/// An agent with everything that authentication needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentRecord {
    pub id: Uuid,
    /// The channel that the agent polls: a deployment hash, or `host_` and the id of its host.
    pub channel: String,
    /// `None` for a legacy agent.
    pub host_id: Option<Uuid>,
    /// SHA-256, like all token hashes.
    pub token_hash: Vec<u8>,
    /// The previous token and when it expires; without an end until the new token has been copied to Vault.
    pub previous_token: Option<(Vec<u8>, Option<DateTime<Utc>>)>,
    pub next_token_hash: Option<Vec<u8>>,
    /// The sealed token that is handed out until the agent uses it.
    pub next_token_sealed: Option<Vec<u8>>,
    pub capabilities: Vec<String>,
}

/// Where the sealed next token of an agent is stored.
pub fn next_token_place(agent_id: &str) -> SealedColumn<'_> {
    SealedColumn { table: "agents", column: "next_token_sealed", row: agent_id }
}

struct Row {
    id: Uuid,
    channel: String,
    host_id: Option<Uuid>,
    token_hash: Vec<u8>,
    previous_token_hash: Option<Vec<u8>>,
    previous_token_until: Option<DateTime<Utc>>,
    next_token_hash: Option<Vec<u8>>,
    next_token_sealed: Option<Vec<u8>>,
    capabilities: Value,
}

impl From<Row> for AgentRecord {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            channel: row.channel,
            host_id: row.host_id,
            token_hash: row.token_hash,
            previous_token: row.previous_token_hash.map(|hash| (hash, row.previous_token_until)),
            next_token_hash: row.next_token_hash,
            next_token_sealed: row.next_token_sealed,
            capabilities: words(&row.capabilities),
        }
    }
}

fn words(value: &Value) -> Vec<String> {
    let words = value.as_array().into_iter().flatten();
    words.filter_map(|word| word.as_str().map(str::to_owned)).collect()
}

/// The record for authentication. `None` also if the host was revoked.
pub async fn find(pool: &Pool, id: Uuid) -> anyhow::Result<Option<AgentRecord>> {
    let row = sqlx::query_as!(
        Row,
        r#"
        select agents.id, channel, host_id, token_hash, previous_token_hash, previous_token_until, next_token_hash,
            next_token_sealed, capabilities
        from agents
        left join host on host.id = agents.host_id
        where agents.id = $1 and host.revoked_at is null
        "#,
        id,
    )
    .fetch_optional(pool)
    .await
    .context("looking up an agent")?;
    Ok(row.map(AgentRecord::from))
}

/// The agent of a channel; until the transaction ends, no other transaction changes it.
pub async fn find_locked_on_channel(
    connection: &mut PgConnection,
    channel: &str,
) -> anyhow::Result<Option<AgentRecord>> {
    let row = sqlx::query_as!(
        Row,
        r#"
        select id, channel, host_id, token_hash, previous_token_hash, previous_token_until, next_token_hash,
            next_token_sealed, capabilities
        from agents
        where channel = $1
        for update
        "#,
        channel,
    )
    .fetch_optional(connection)
    .await
    .context("looking up an agent by its channel")?;
    Ok(row.map(AgentRecord::from))
}

/// Whether an agent is registered on a channel.
pub async fn has_agent(connection: &mut PgConnection, channel: &str) -> anyhow::Result<bool> {
    sqlx::query_scalar!(r#"select exists (select from agents where channel = $1) as "has!""#, channel)
        .fetch_one(connection)
        .await
        .context("looking for the agent of a channel")
}

/// Whether the agent of a channel has a capability.
pub async fn has_capability(
    connection: &mut PgConnection,
    channel: &str,
    capability: &str,
) -> anyhow::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from agents where channel = $1 and capabilities ? $2) as "has!""#,
        channel,
        capability,
    )
    .fetch_one(connection)
    .await
    .context("looking up what an agent can do")
}

/// What an agent reports about itself.
pub struct About<'a> {
    pub capabilities: &'a [String],
    pub version: Option<&'a str>,
    pub system_info: &'a Value,
}

pub struct NewAgent<'a> {
    pub id: Uuid,
    pub channel: &'a str,
    pub host_id: Option<Uuid>,
    pub token_hash: &'a TokenHash,
    pub about: About<'a>,
    pub now: DateTime<Utc>,
}

/// Returns false if the channel already has an agent.
pub async fn insert(connection: &mut PgConnection, new: NewAgent<'_>) -> anyhow::Result<bool> {
    let made = sqlx::query!(
        r#"
        insert into agents (id, channel, host_id, token_hash, capabilities, version, system_info, created_at, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $8)
        on conflict (channel) do nothing
        "#,
        new.id,
        new.channel,
        new.host_id,
        new.token_hash.as_slice(),
        Value::from(new.about.capabilities),
        new.about.version,
        new.about.system_info,
        new.now,
    )
    .execute(connection)
    .await
    .context("registering an agent")?;
    Ok(made.rows_affected() == 1)
}

pub async fn update_about(
    connection: &mut PgConnection,
    id: Uuid,
    about: About<'_>,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    sqlx::query!(
        r#"
        with changed as (
            update agents
            set capabilities = $2, version = $3, system_info = $4, updated_at = $5
            where id = $1
        )
        select pg_notify('agents', $1::uuid::text)::text as "notified"
        "#,
        id,
        Value::from(about.capabilities),
        about.version,
        about.system_info,
        now,
    )
    .fetch_one(connection)
    .await
    .context("keeping what an agent says about itself")?;
    Ok(())
}

/// Called after an update of the agent, or a change of its host's policy. Writes nothing if nothing has changed.
pub async fn update_version(
    connection: &mut PgConnection,
    id: Uuid,
    version: &str,
    capabilities: &[String],
) -> anyhow::Result<()> {
    sqlx::query!(
        "
        update agents set version = $2, capabilities = $3
        where id = $1 and (version, capabilities) is distinct from ($2, $3)
        ",
        id,
        version,
        Value::from(capabilities),
    )
    .execute(connection)
    .await
    .context("keeping the version of an agent")?;
    Ok(())
}

/// All earlier tokens of the agent become invalid.
pub async fn replace_token(
    connection: &mut PgConnection,
    id: Uuid,
    token_hash: &TokenHash,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    sqlx::query!(
        r#"
        with changed as (
            update agents
            set token_hash = $2, previous_token_hash = null, previous_token_until = null, next_token_hash = null,
                next_token_sealed = null, updated_at = $3
            where id = $1
        )
        select pg_notify('agents', $1::uuid::text)::text as "notified"
        "#,
        id,
        token_hash.as_slice(),
        now,
    )
    .fetch_one(connection)
    .await
    .context("giving an agent a new token")?;
    Ok(())
}

/// The agent used the token it was given: this is its current token now, and the previous one is valid until `until`.
pub async fn confirm_next_token(
    connection: &mut PgConnection,
    id: Uuid,
    next_token_hash: &TokenHash,
    until: DateTime<Utc>,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    sqlx::query!(
        r#"
        with changed as (
            update agents
            set previous_token_hash = token_hash, previous_token_until = $3, token_hash = $2, next_token_hash = null,
                next_token_sealed = null, updated_at = $4
            where id = $1 and next_token_hash = $2
        )
        select pg_notify('agents', $1::uuid::text)::text as "notified"
        "#,
        id,
        next_token_hash.as_slice(),
        until,
        now,
    )
    .fetch_one(connection)
    .await
    .context("confirming a new token")?;
    Ok(())
}

/// What a legacy agent can register for.
pub struct Registrable {
    pub host_id: Option<Uuid>,
}

/// A live deployment of any owner.
pub async fn registrable(
    connection: &mut PgConnection,
    deployment_hash: &str,
) -> anyhow::Result<Option<Registrable>> {
    sqlx::query_as!(
        Registrable,
        r#"
        select host_id
        from deployment
        where deployment_hash = $1 and not deleted and status not in ('removed', 'cancelled')
        "#,
        deployment_hash,
    )
    .fetch_optional(connection)
    .await
    .context("looking up the deployment of an agent")
}

/// Stores the state of an app as a legacy agent reports it. The deployment must be locked.
pub async fn upsert_service(
    connection: &mut PgConnection,
    deployment_id: i32,
    service: &str,
    state: &Value,
    observed_at: DateTime<Utc>,
) -> anyhow::Result<()> {
    sqlx::query!(
        r#"
        insert into deployment_service (deployment_id, service, state, observed_at) values ($1, $2, $3, $4)
        on conflict (deployment_id, service) do update set state = excluded.state, observed_at = excluded.observed_at
        "#,
        deployment_id,
        service,
        state,
        observed_at,
    )
    .execute(connection)
    .await
    .context("keeping how an app is")?;
    Ok(())
}
