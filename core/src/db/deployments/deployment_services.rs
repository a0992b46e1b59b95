//! Table `deployment_service`: the state of the services of a deployment, as last reported by its agent.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use domain::{access::ProjectRole, api::ObservedService, deploy::ServiceState};
use serde_json::Value;
use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

use crate::db::{
    deployments::{Row, Stored},
    storable::storable,
};

/// The state of all services of one deployment.
pub struct Seen {
    pub deployment_id: i32,
    pub services: Vec<ServiceState>,
}

/// A deployment and the stored state of its services.
pub struct Known {
    pub deployment: Stored,
    /// Sorted by name.
    pub services: Vec<ServiceState>,
}

pub async fn list<'e>(
    executor: impl PgExecutor<'e>,
    deployment_id: i32,
) -> anyhow::Result<Vec<ObservedService>> {
    let rows = sqlx::query!(
        "select state, observed_at from deployment_service where deployment_id = $1 order by service",
        deployment_id
    )
    .fetch_all(executor)
    .await
    .context("reading the services of a deployment")?;
    // Values of earlier versions that cannot be parsed are skipped: the agent will report them again.
    let read = |state: Value| serde_json::from_value(state).ok();
    Ok(rows
        .into_iter()
        .filter_map(|row| Some(ObservedService { state: read(row.state)?, observed_at: row.observed_at }))
        .collect())
}

/// The live deployments of a host, locked, in the order of their hashes, because events are written in this order.
pub async fn of_host(connection: &mut PgConnection, host_id: Uuid) -> anyhow::Result<Vec<Known>> {
    let rows = sqlx::query!(
        r#"
        select id, project_id, deployment_hash, host_id, stack, status, running_revision, drift,
            coalesce(
                (select jsonb_agg(s.state order by s.service collate "C") from deployment_service s where s.deployment_id = d.id),
                '[]'
            ) as "services!"
        from deployment d
        where host_id = $1 and not deleted and status not in ('removed', 'cancelled')
        order by deployment_hash
        for update
        "#,
        host_id,
    )
    .fetch_all(connection)
    .await
    .context("reading the services of a host")?;
    rows.into_iter()
        .map(|row| {
            let deployment = Row {
                id: row.id,
                project_id: row.project_id,
                deployment_hash: row.deployment_hash,
                host_id: row.host_id,
                stack: row.stack,
                status: row.status,
                running_revision: row.running_revision,
                drift: row.drift,
                role: ProjectRole::Owner.as_str().to_owned(),
            };
            let services = match row.services {
                Value::Array(states) => {
                    states.into_iter().filter_map(|state| serde_json::from_value(state).ok()).collect()
                }
                _ => Vec::new(),
            };
            Ok(Known { deployment: deployment.try_into()?, services })
        })
        .collect()
}

/// Replaces all stored services of these deployments. Takes two statements for any number of deployments.
pub async fn replace(connection: &mut PgConnection, seen: &[Seen], now: DateTime<Utc>) -> anyhow::Result<()> {
    if seen.is_empty() {
        return Ok(());
    }
    let deployments: Vec<i32> = seen.iter().map(|seen| seen.deployment_id).collect();
    let (mut ids, mut names, mut states) = (Vec::new(), Vec::new(), Vec::new());
    for seen in seen {
        for state in &seen.services {
            ids.push(seen.deployment_id);
            names.push(state.service.clone());
            states.push(storable(state)?);
        }
    }
    sqlx::query!(
        r#"
        delete from deployment_service s
        where s.deployment_id = any($1)
            and not exists (
                select from unnest($2::integer[], $3::text[]) as seen (deployment_id, service)
                where seen.deployment_id = s.deployment_id and seen.service = s.service
            )
        "#,
        &deployments,
        &ids,
        &names,
    )
    .execute(&mut *connection)
    .await
    .context("forgetting services that are gone")?;
    sqlx::query!(
        r#"
        insert into deployment_service (deployment_id, service, state, observed_at)
        select deployment_id, service, state, $4
        from unnest($1::integer[], $2::text[], $3::jsonb[]) as seen (deployment_id, service, state)
        on conflict (deployment_id, service) do update set state = excluded.state, observed_at = excluded.observed_at
        "#,
        &ids,
        &names,
        &states,
        now,
    )
    .execute(connection)
    .await
    .context("noting the services of deployments")?;
    Ok(())
}

pub async fn clear(connection: &mut PgConnection, deployment_id: i32) -> anyhow::Result<()> {
    sqlx::query!("delete from deployment_service where deployment_id = $1", deployment_id)
        .execute(connection)
        .await
        .context("forgetting the services of a deployment")?;
    Ok(())
}
