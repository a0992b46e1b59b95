//! Table `agents`: token rotation. Every server is notified when the transaction commits.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::crypto::TokenHash;

/// The agent whose token is to be changed.
pub struct Holder {
    pub id: Uuid,
    pub host_id: Option<Uuid>,
}

/// The agent that serves a deployment: its own, or that of its host. Locked.
pub async fn holder_of_deployment(
    connection: &mut PgConnection,
    deployment_hash: &str,
) -> anyhow::Result<Option<Holder>> {
    sqlx::query_as!(
        Holder,
        r#"
        select a.id, a.host_id
        from agents a
        where a.channel = coalesce(
            (select 'host_' || d.host_id::text from deployment d where d.deployment_hash = $1),
            $1
        )
        for update
        "#,
        deployment_hash,
    )
    .fetch_optional(connection)
    .await
    .context("looking for the agent of a deployment")
}

pub async fn holder_of_host(
    connection: &mut PgConnection,
    host_id: Uuid,
    user_id: &str,
) -> anyhow::Result<Option<Holder>> {
    sqlx::query_as!(
        Holder,
        r#"
        select a.id, a.host_id
        from agents a
        join host h on h.id = a.host_id
        where h.id = $1 and h.user_id = $2 and h.revoked_at is null
        for update of a
        "#,
        host_id,
        user_id,
    )
    .fetch_optional(connection)
    .await
    .context("looking for the agent of a host")
}

/// The new token is valid from now on, and the token that the agent holds stays valid until [`end_previous`]. If the copy of an
/// earlier rotation is still in the outbox, the agent never received that token, so it still holds the one before it.
pub async fn rotate(
    connection: &mut PgConnection,
    id: Uuid,
    token_hash: &TokenHash,
    (destination, subject): (&str, &str),
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    sqlx::query!(
        r#"
        with changed as (
            update agents
            set previous_token_hash = case
                    when previous_token_hash is not null
                        and exists (select from outbox where destination = $3 and subject = $4)
                    then previous_token_hash
                    else token_hash
                end,
                previous_token_until = null, token_hash = $2, next_token_hash = null, next_token_sealed = null,
                updated_at = $5
            where id = $1
        )
        select pg_notify('agents', $1::uuid::text)::text as "notified"
        "#,
        id,
        token_hash.as_slice(),
        destination,
        subject,
        now,
    )
    .fetch_one(connection)
    .await
    .context("rotating the token of an agent")?;
    Ok(())
}

/// Until the transaction ends, the agent's tokens do not change.
pub async fn lock_on_channel(connection: &mut PgConnection, channel: &str) -> anyhow::Result<Option<Uuid>> {
    sqlx::query_scalar!("select id from agents where channel = $1 for update", channel)
        .fetch_optional(connection)
        .await
        .context("locking the tokens of an agent")
}

/// The agent can fetch the new token now, so the previous one is valid only until `until`.
pub async fn end_previous(
    connection: &mut PgConnection,
    id: Uuid,
    until: DateTime<Utc>,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    sqlx::query!(
        r#"
        with changed as (
            update agents set previous_token_until = $2, updated_at = $3
            where id = $1 and previous_token_hash is not null and previous_token_until is null
            returning id
        )
        select pg_notify('agents', id::text)::text as "notified" from changed
        "#,
        id,
        until,
        now,
    )
    .fetch_optional(connection)
    .await
    .context("ending the token before")?;
    Ok(())
}

/// Our agent receives the token with its next answer; the token takes effect when the agent first uses it.
pub async fn offer(
    connection: &mut PgConnection,
    id: Uuid,
    token_hash: &TokenHash,
    sealed: &[u8],
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    sqlx::query!(
        r#"
        with changed as (
            update agents set next_token_hash = $2, next_token_sealed = $3, updated_at = $4 where id = $1
        )
        select pg_notify('agents', $1::uuid::text)::text as "notified"
        "#,
        id,
        token_hash.as_slice(),
        sealed,
        now,
    )
    .fetch_one(connection)
    .await
    .context("offering an agent a new token")?;
    Ok(())
}
