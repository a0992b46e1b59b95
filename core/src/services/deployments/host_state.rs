//! The state that the agent of a host reports. It is trusted for the stacks of that host only.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::{
    api::{Happened, ObservedService},
    deploy::{Drift, HostState, ServiceState},
};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    context::Context,
    db::deployments::{
        self, Stored, deployment_events,
        deployment_services::{self, Seen},
    },
};

/// The most services of one stack; more would be of no use to a reader.
pub const MAX_SERVICES: usize = 500;
/// The width of the database column.
const MAX_NAME: usize = 255;

/// Stores a report. Each report is complete: what it leaves out no longer exists. The number of statements does not grow with the
/// number of stacks.
pub async fn observed(
    connection: &mut PgConnection,
    host_id: Uuid,
    state: &HostState,
    context: &Context,
) -> anyhow::Result<()> {
    let now = context.clock.now();
    let told: BTreeMap<_, _> =
        state.stacks.iter().map(|stack| (stack.deployment_hash.as_str(), stack)).collect();

    let mut seen = Vec::new();
    let mut drifts = Vec::new();
    let mut events = Vec::new();
    for before in deployment_services::of_host(connection, host_id).await? {
        let (services, drift) = match told.get(before.deployment.hash.as_str()) {
            Some(stack) => (tidy(&stack.services), tidy_drift(&stack.drift)),
            // Not brought up yet, or removed by hand: nothing is known about its services.
            None => (Vec::new(), Vec::new()),
        };
        if differs(&before.services, &services) || before.deployment.drift != drift {
            let services = observed_now(&services, now);
            events.push((
                before.deployment.hash.clone(),
                Happened::Services { services, drift: drift.clone() },
            ));
        }
        if before.deployment.drift != drift {
            drifts.push((before.deployment.id, drift));
        }
        seen.push(Seen { deployment_id: before.deployment.id, services });
    }
    deployment_services::replace(connection, &seen, now).await?;
    deployments::set_drifts(connection, &drifts).await?;
    for (hash, event) in events {
        deployment_events::append(connection, &hash, &event, now).await?;
    }
    Ok(())
}

/// Stores what a finished command reports about its stack. The deployment must be locked.
pub(super) async fn took_services(
    connection: &mut PgConnection,
    deployment: &Stored,
    services: Vec<ServiceState>,
    context: &Context,
) -> anyhow::Result<()> {
    let now = context.clock.now();
    let services = tidy(&services);
    let event = Happened::Services { services: observed_now(&services, now), drift: Vec::new() };
    deployment_services::replace(connection, &[Seen { deployment_id: deployment.id, services }], now).await?;
    deployments::set_drift(connection, deployment.id, &[]).await?;
    deployment_events::append(connection, &deployment.hash, &event, now).await
}

fn observed_now(services: &[ServiceState], now: DateTime<Utc>) -> Vec<ObservedService> {
    services.iter().map(|state| ObservedService { state: state.clone(), observed_at: now }).collect()
}

/// Sorts by name, and drops duplicates and what cannot be stored.
fn tidy(services: &[ServiceState]) -> Vec<ServiceState> {
    let fits = |state: &ServiceState| (1..=MAX_NAME).contains(&state.service.len());
    let by_name: BTreeMap<_, _> = services
        .iter()
        .take(MAX_SERVICES)
        .filter(|state| fits(state))
        .cloned()
        .map(|mut state| {
            without_nul(&mut state.service);
            state.container.as_mut().map(without_nul);
            state.image.as_mut().map(without_nul);
            state.ports.iter_mut().for_each(without_nul);
            (state.service.clone(), state)
        })
        .collect();
    by_name.into_values().collect()
}

fn tidy_drift(drift: &[Drift]) -> Vec<Drift> {
    let mut drift: Vec<_> = drift.iter().take(MAX_SERVICES).cloned().collect();
    for drift in &mut drift {
        without_nul(&mut drift.service);
        without_nul(&mut drift.message);
        drift.image.as_mut().map(without_nul);
    }
    drift
}

/// Replaces NUL characters, which PostgreSQL cannot store.
fn without_nul(text: &mut String) {
    if text.contains('\0') {
        *text = text.replace('\0', "\u{fffd}");
    }
}

/// Ignores `since`: engines round it differently from one answer to the next.
fn differs(before: &[ServiceState], now: &[ServiceState]) -> bool {
    let same = |one: &ServiceState, other: &ServiceState| {
        ServiceState { since: None, ..one.clone() } == ServiceState { since: None, ..other.clone() }
    };
    before.len() != now.len() || before.iter().zip(now).any(|(one, other)| !same(one, other))
}
