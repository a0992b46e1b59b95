//! Table `outbox`: messages for external services, written in the transaction of the use case and delivered afterwards.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::db::Pool;

pub struct NewMessage<'a> {
    pub id: Uuid,
    pub destination: &'a str,
    pub subject: &'a str,
    /// It is not delivered before earlier messages of the same queue.
    pub queue: Option<&'a str>,
    pub payload_sealed: &'a [u8],
    /// When it is deleted undelivered.
    pub expires_at: Option<DateTime<Utc>>,
    pub now: DateTime<Utc>,
}

/// A message that this server has claimed.
#[derive(Clone, Debug)]
pub struct Message {
    pub id: Uuid,
    pub subject: String,
    pub payload_sealed: Vec<u8>,
    /// Failed attempts before this one.
    pub attempts: i32,
    /// Until then, no other server delivers the message.
    pub claimed_until: DateTime<Utc>,
    /// A server that claimed it before never said how the delivery ended.
    pub was_interrupted: bool,
}

/// Replaces a waiting message about the same subject, and is due at once. If that message is being delivered at this moment, the
/// new one waits for the end of the delivery, so that the newer message arrives last.
pub async fn put(connection: &mut PgConnection, new: NewMessage<'_>) -> anyhow::Result<()> {
    sqlx::query!(
        r#"
        insert into outbox (id, destination, subject, payload_sealed, next_attempt_at, expires_at, created_at, queue)
        values ($1, $2, $3, $4, $5, $6, $5, $7)
        on conflict (destination, subject) do update
        set id = excluded.id, payload_sealed = excluded.payload_sealed, attempts = 0, last_error = null,
            next_attempt_at = greatest(outbox.claimed_until, excluded.next_attempt_at), expires_at = excluded.expires_at,
            created_at = excluded.created_at, queue = excluded.queue
        "#,
        new.id,
        new.destination,
        new.subject,
        new.payload_sealed,
        new.now,
        new.expires_at,
        new.queue,
    )
    .execute(connection)
    .await
    .context("putting something into the outbox")?;
    Ok(())
}

/// Takes the message that is due first and reserves it for this server until `until`. A message waits for earlier ones of its
/// queue, also while they are being delivered.
pub async fn claim(
    pool: &Pool,
    destination: &str,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> anyhow::Result<Option<Message>> {
    sqlx::query_as!(
        Message,
        r#"
        with due as (
            select id, claimed_until from outbox o
            where destination = $1 and next_attempt_at <= $2
                and not exists (
                    select from outbox earlier
                    where earlier.destination = o.destination and earlier.queue = o.queue and earlier.number < o.number
                )
            order by next_attempt_at
            limit 1
            for update of o skip locked
        )
        update outbox o
        set next_attempt_at = $3, claimed_until = $3
        from due
        where o.id = due.id
        returning o.id, o.subject, o.payload_sealed, o.attempts, o.claimed_until as "claimed_until!",
            due.claimed_until is not null as "was_interrupted!"
        "#,
        destination,
        now,
        until,
    )
    .fetch_optional(pool)
    .await
    .context("taking from the outbox")
}

/// Makes all messages due that wait for another attempt.
pub async fn due_now(pool: &Pool, destination: &str, now: DateTime<Utc>) -> anyhow::Result<()> {
    sqlx::query!(
        "update outbox set next_attempt_at = $2 where destination = $1 and claimed_until is null and next_attempt_at > $2",
        destination,
        now,
    )
    .execute(pool)
    .await
    .context("making what waits in the outbox due")?;
    Ok(())
}

/// A message that replaced a claimed one waits for that claim to end; this makes it due as soon as the delivery has ended. Does
/// nothing if the claim has expired, because another server may have claimed the message since.
pub async fn release(
    connection: &mut PgConnection,
    destination: &str,
    replaced: &Message,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    sqlx::query!(
        r#"
        update outbox set next_attempt_at = $4, claimed_until = null
        where destination = $1 and subject = $2 and claimed_until = $3 and attempts = 0
        "#,
        destination,
        replaced.subject,
        replaced.claimed_until,
        now,
    )
    .execute(connection)
    .await
    .context("releasing what took the place of a delivered message")?;
    Ok(())
}

/// Returns false, and deletes nothing, if another message has replaced this one.
pub async fn delete(connection: &mut PgConnection, id: Uuid) -> anyhow::Result<bool> {
    let deleted = sqlx::query!("delete from outbox where id = $1", id)
        .execute(connection)
        .await
        .context("deleting a message from the outbox")?;
    Ok(deleted.rows_affected() == 1)
}

/// Returns false, and records nothing, if another message has replaced this one.
pub async fn failed(
    connection: &mut PgConnection,
    id: Uuid,
    next_attempt_at: DateTime<Utc>,
    error: &str,
) -> anyhow::Result<bool> {
    let updated = sqlx::query!(
        r#"
        update outbox set attempts = attempts + 1, next_attempt_at = $2, claimed_until = null, last_error = $3
        where id = $1
        "#,
        id,
        next_attempt_at,
        error,
    )
    .execute(connection)
    .await
    .context("noting that something could not be delivered")?;
    Ok(updated.rows_affected() == 1)
}

/// Deletes one message whose time is over and that no server delivers at this moment.
pub async fn take_expired(
    connection: &mut PgConnection,
    destination: &str,
    now: DateTime<Utc>,
) -> anyhow::Result<Option<Message>> {
    sqlx::query_as!(
        Message,
        r#"
        delete from outbox
        where id = (
            select id from outbox
            where destination = $1 and expires_at <= $2 and (claimed_until is null or claimed_until <= $2)
            order by expires_at
            limit 1
            for update skip locked
        )
        returning id, subject, payload_sealed, attempts, expires_at as "claimed_until!", false as "was_interrupted!"
        "#,
        destination,
        now,
    )
    .fetch_optional(connection)
    .await
    .context("deleting what has expired in the outbox")
}

/// Deletes a message that no server has begun to deliver. Returns false if there is none.
pub async fn take_back(
    connection: &mut PgConnection,
    destination: &str,
    subject: &str,
) -> anyhow::Result<bool> {
    let deleted = sqlx::query!(
        "delete from outbox where destination = $1 and subject = $2 and claimed_until is null",
        destination,
        subject,
    )
    .execute(connection)
    .await
    .context("taking a message back from the outbox")?;
    Ok(deleted.rows_affected() == 1)
}
