//! Table `callback_delivery`: sending, and the log.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use domain::callback::{CallbackDelivery, DeliveryState};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::db::Pool;

/// A delivery that this server has claimed, with what it needs to send it.
#[derive(Clone, Debug)]
pub struct Claimed {
    pub id: Uuid,
    pub subscription_id: Uuid,
    pub event: String,
    pub body: String,
    /// Failed attempts before this one.
    pub attempts: i32,
    pub retry_until: DateTime<Utc>,
    /// Until then, no other server sends it.
    pub claimed_until: DateTime<Utc>,
    pub url: String,
    pub secret_sealed: Option<Vec<u8>>,
    pub previous_secret_sealed: Option<Vec<u8>>,
    pub previous_until: Option<DateTime<Utc>>,
}

/// What came of an attempt.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attempt {
    pub status: Option<i16>,
    /// At most 2 kB.
    pub answer: Option<String>,
    /// Why there is no answer.
    pub error: Option<String>,
}

/// Takes the first due delivery of up to `limit` subscriptions, of each only if none of its deliveries is being sent at this moment.
/// The lock on the subscription keeps two servers from sending for it at the same time.
pub async fn claim(
    pool: &Pool,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
    limit: i64,
) -> anyhow::Result<Vec<Claimed>> {
    sqlx::query_as!(
        Claimed,
        r#"
        with first as (
            select distinct on (d.subscription_id) d.id, d.subscription_id
            from callback_delivery d
            where d.state = 'waiting' and d.next_attempt_at <= $1
                and not exists (
                    select from callback_delivery c
                    where c.subscription_id = d.subscription_id and c.state = 'waiting' and c.claimed_until > $1
                )
            order by d.subscription_id, d.number
        ), locked as (
            select first.id as delivery_id, s.url, s.secret_sealed, s.previous_secret_sealed, s.previous_until
            from first
            join callback_subscription s on s.id = first.subscription_id
            limit $3
            for update of s skip locked
        )
        update callback_delivery d
        set claimed_until = $2, next_attempt_at = $2
        from locked
        where d.id = locked.delivery_id and d.state = 'waiting' and d.next_attempt_at <= $1
        returning d.id, d.subscription_id, d.event, d.body, d.attempts, d.retry_until,
            d.claimed_until as "claimed_until!", locked.url, locked.secret_sealed, locked.previous_secret_sealed,
            locked.previous_until
        "#,
        now,
        until,
        limit,
    )
    .fetch_all(pool)
    .await
    .context("taking callbacks to send")
}

/// Notes a success, for the delivery and for its subscription.
pub async fn delivered(
    connection: &mut PgConnection,
    claimed: &Claimed,
    attempt: &Attempt,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    sqlx::query!(
        r#"
        with done as (
            update callback_delivery
            set state = 'delivered', delivered_at = $2, claimed_until = null, last_status = $3, last_answer = $4,
                last_error = null
            where id = $1
        )
        update callback_subscription set failing_since = null where id = $5 and failing_since is not null
        "#,
        claimed.id,
        now,
        attempt.status,
        attempt.answer,
        claimed.subscription_id,
    )
    .execute(connection)
    .await
    .context("noting that a callback arrived")?;
    Ok(())
}

/// What a failed attempt means for the subscription.
#[derive(Clone, Debug)]
pub struct Failing {
    pub user_id: String,
    pub url: String,
    pub enabled: bool,
    /// Of this failure, if the attempt before was a success.
    pub since: DateTime<Utc>,
}

/// Notes a failed attempt. `again`: when the next one is; `None`: the delivery has failed. Nothing is noted if the claim has ended,
/// because another server may be sending; then, and if the subscription is gone, returns `None`.
pub async fn failed(
    connection: &mut PgConnection,
    claimed: &Claimed,
    attempt: &Attempt,
    again: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> anyhow::Result<Option<Failing>> {
    sqlx::query_as!(
        Failing,
        r#"
        with done as (
            update callback_delivery
            set attempts = attempts + 1, claimed_until = null, last_status = $3, last_answer = $4, last_error = $5,
                state = case when $6::timestamptz is null then 'failed' else 'waiting' end,
                next_attempt_at = coalesce($6, next_attempt_at)
            where id = $1 and state = 'waiting' and claimed_until = $7
            returning subscription_id
        )
        update callback_subscription s
        set failing_since = coalesce(s.failing_since, $2)
        from done
        where s.id = done.subscription_id
        returning s.user_id, s.url, s.enabled, s.failing_since as "since!"
        "#,
        claimed.id,
        now,
        attempt.status,
        attempt.answer,
        attempt.error,
        again,
        claimed.claimed_until,
    )
    .fetch_optional(connection)
    .await
    .context("noting that a callback did not arrive")
}

/// Disables a subscription, and ends what still waits for it.
pub async fn disable(
    connection: &mut PgConnection,
    subscription_id: Uuid,
    reason: Option<&str>,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    sqlx::query!(
        r#"
        with ended as (
            update callback_delivery
            set state = 'failed', claimed_until = null, last_error = coalesce(last_error, 'the callback was disabled')
            where subscription_id = $1 and state = 'waiting'
        )
        update callback_subscription set enabled = false, disabled_reason = $2, failing_since = null, updated_at = $3
        where id = $1
        "#,
        subscription_id,
        reason,
        now,
    )
    .execute(connection)
    .await
    .context("disabling a callback")?;
    Ok(())
}

/// Sends a delivery again, with the same id. Returns false if the subscription has no such delivery.
pub async fn again(
    connection: &mut PgConnection,
    subscription_id: Uuid,
    id: Uuid,
    now: DateTime<Utc>,
    retry_until: DateTime<Utc>,
) -> anyhow::Result<bool> {
    let again = sqlx::query!(
        r#"
        with again as (
            update callback_delivery
            set state = 'waiting', attempts = 0, delivered_at = null, retry_until = $4,
                next_attempt_at = greatest($3, claimed_until)
            where id = $1 and subscription_id = $2
            returning id
        )
        select pg_notify('callbacks', '')::text as "notified" from again
        "#,
        id,
        subscription_id,
        now,
        retry_until,
    )
    .fetch_optional(connection)
    .await
    .context("sending a callback again")?;
    Ok(again.is_some())
}

struct Line {
    id: Uuid,
    number: i64,
    event: String,
    body: String,
    state: String,
    attempts: i32,
    next_attempt_at: DateTime<Utc>,
    last_status: Option<i16>,
    last_answer: Option<String>,
    last_error: Option<String>,
    created_at: DateTime<Utc>,
    delivered_at: Option<DateTime<Utc>>,
}

impl From<Line> for CallbackDelivery {
    fn from(line: Line) -> Self {
        let state = DeliveryState::named(&line.state).unwrap_or(DeliveryState::Failed);
        Self {
            id: line.id,
            number: line.number,
            event: line.event,
            body: line.body,
            state,
            attempts: line.attempts,
            next_attempt_at: (state == DeliveryState::Waiting).then_some(line.next_attempt_at),
            last_status: line.last_status,
            last_answer: line.last_answer,
            last_error: line.last_error,
            created_at: line.created_at,
            delivered_at: line.delivered_at,
        }
    }
}

/// Newest first. `after`: only lines older than this one.
pub async fn list(
    pool: &Pool,
    subscription_id: Uuid,
    after: Option<i64>,
    limit: i64,
) -> anyhow::Result<Vec<CallbackDelivery>> {
    let lines = sqlx::query_as!(
        Line,
        r#"
        select id, number, event, body, state, attempts, next_attempt_at, last_status, last_answer, last_error, created_at,
            delivered_at
        from callback_delivery
        where subscription_id = $1 and ($2::bigint is null or number < $2)
        order by number desc
        limit $3
        "#,
        subscription_id,
        after,
        limit,
    )
    .fetch_all(pool)
    .await
    .context("listing what was sent to a callback")?;
    Ok(lines.into_iter().map(CallbackDelivery::from).collect())
}

/// What still waits is left: a redelivery may be younger than its event.
pub async fn delete_before(pool: &Pool, before: DateTime<Utc>) -> anyhow::Result<()> {
    sqlx::query!("delete from callback_delivery where created_at < $1 and state <> 'waiting'", before)
        .execute(pool)
        .await
        .context("deleting old callbacks")?;
    Ok(())
}
