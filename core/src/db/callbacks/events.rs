//! Writes what happened as deliveries for all subscriptions that are about it: one statement, however many there are. Every function
//! must run in the transaction of what happened; servers that send are woken when it commits.

use anyhow::Context as _;
use chrono::{DateTime, SecondsFormat, Utc};
use domain::callback::CallbackEvent;
use serde_json::{Map, Value};
use sqlx::PgConnection;
use uuid::Uuid;

/// The most deliveries of one subscription that wait. Further events are left out: such a receiver is far behind.
const MAX_WAITING: i64 = 1_000;

/// Something that happened to a deployment, or to a command for it.
pub struct OfDeployment<'a> {
    pub event: CallbackEvent,
    pub deployment_hash: &'a str,
    /// What the event is about: the hash, or the id of a command.
    pub about: &'a str,
    /// What the body says beside event, id, time, project and deployment.
    pub fields: Map<String, Value>,
    pub now: DateTime<Utc>,
    pub retry_until: DateTime<Utc>,
}

/// A delivery of the same event about the same thing that still waits for its first attempt is replaced if the event is progress.
pub async fn of_deployment(connection: &mut PgConnection, happened: OfDeployment<'_>) -> anyhow::Result<()> {
    let replaces = happened.event == CallbackEvent::DeploymentProgress;
    sqlx::query!(
        r#"
        with matching as (
            select s.id, gen_random_uuid() as delivery_id, p.id as project_id
            from deployment d
            join project p on p.id = d.project_id
            join callback_subscription s on s.user_id = p.user_id
            where d.deployment_hash = $1 and s.enabled and $2 = any(s.events)
                and (s.project_id is null or s.project_id = p.id)
                and (
                    select count(*) from callback_delivery w where w.subscription_id = s.id and w.state = 'waiting'
                ) < $9
        ), replaced as (
            delete from callback_delivery w
            using matching
            where $8 and w.subscription_id = matching.id and w.state = 'waiting' and w.event = $2 and w.about = $3
                and w.attempts = 0 and w.claimed_until is null
        ), written as (
            insert into callback_delivery
                (id, subscription_id, event, about, body, next_attempt_at, retry_until, created_at)
            select delivery_id, id, $2, $3,
                (
                    jsonb_build_object(
                        'event', $2::text, 'id', delivery_id, 'created_at', $5::text, 'project_id', project_id,
                        'deployment_hash', $1::text
                    ) || $4
                )::text,
                $6, $7, $6
            from matching
            returning id
        )
        select pg_notify('callbacks', '')::text as "notified" where exists (select from written)
        "#,
        happened.deployment_hash,
        happened.event.as_str(),
        happened.about,
        Value::Object(happened.fields),
        text(happened.now),
        happened.now,
        happened.retry_until,
        replaces,
        MAX_WAITING,
    )
    .fetch_optional(connection)
    .await
    .context("writing callbacks about a deployment")?;
    Ok(())
}

/// Agents that went offline, or came online. A subscription for a project hears of the agents that its deployments run on.
pub async fn of_agents(
    connection: &mut PgConnection,
    event: CallbackEvent,
    agents: &[Uuid],
    now: DateTime<Utc>,
    retry_until: DateTime<Utc>,
) -> anyhow::Result<()> {
    sqlx::query!(
        r#"
        with agent as (
            select a.id, a.host_id, h.name as host_name, d.deployment_hash, d.project_id,
                coalesce(h.user_id, p.user_id) as user_id
            from agents a
            left join host h on h.id = a.host_id
            left join deployment d on a.host_id is null and d.deployment_hash = a.channel
            left join project p on p.id = d.project_id
            where a.id = any($1)
        ), matching as (
            select s.id, gen_random_uuid() as delivery_id, agent.id as agent_id, agent.host_id, agent.host_name,
                agent.deployment_hash, agent.project_id
            from agent
            join callback_subscription s on s.user_id = agent.user_id
            where s.enabled and $2 = any(s.events)
                and (
                    s.project_id is null or s.project_id = agent.project_id
                    or exists (
                        select from deployment d
                        where d.host_id = agent.host_id and d.project_id = s.project_id and not d.deleted
                            and d.status not in ('removed', 'cancelled')
                    )
                )
                and (
                    select count(*) from callback_delivery w where w.subscription_id = s.id and w.state = 'waiting'
                ) < $6
        ), written as (
            insert into callback_delivery
                (id, subscription_id, event, about, body, next_attempt_at, retry_until, created_at)
            select delivery_id, id, $2, agent_id::text,
                jsonb_strip_nulls(jsonb_build_object(
                    'event', $2::text, 'id', delivery_id, 'created_at', $3::text, 'agent_id', agent_id, 'host_id', host_id,
                    'host', host_name, 'deployment_hash', deployment_hash, 'project_id', project_id
                ))::text,
                $4, $5, $4
            from matching
            returning id
        )
        select pg_notify('callbacks', '')::text as "notified" where exists (select from written)
        "#,
        agents,
        event.as_str(),
        text(now),
        now,
        retry_until,
        MAX_WAITING,
    )
    .fetch_optional(connection)
    .await
    .context("writing callbacks about agents")?;
    Ok(())
}

/// A delivery that somebody asked for.
pub struct NewDelivery<'a> {
    pub id: Uuid,
    pub subscription_id: Uuid,
    pub event: &'a str,
    /// JSON.
    pub body: &'a str,
    pub now: DateTime<Utc>,
    pub retry_until: DateTime<Utc>,
}

pub async fn insert(connection: &mut PgConnection, new: NewDelivery<'_>) -> anyhow::Result<()> {
    sqlx::query!(
        r#"
        with written as (
            insert into callback_delivery
                (id, subscription_id, event, body, next_attempt_at, retry_until, created_at)
            values ($1, $2, $3, $4, $5, $6, $5)
        )
        select pg_notify('callbacks', '')::text as "notified"
        "#,
        new.id,
        new.subscription_id,
        new.event,
        new.body,
        new.now,
        new.retry_until,
    )
    .fetch_one(connection)
    .await
    .context("writing a callback")?;
    Ok(())
}

pub(crate) fn text(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Micros, true)
}
