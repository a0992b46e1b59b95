//! Reports the state of the host to the server: engine, resources, stacks and drift. The state is observed after each event of
//! the engine and once a minute; it is sent when something has changed.

use std::{collections::HashMap, sync::Arc, time::Duration};

use bollard::query_parameters::EventsOptions;
use domain::deploy::{HostResources, HostState, StackState};
use futures::StreamExt;
use tokio::time::{Instant, sleep};

use super::{
    ambient,
    api::ApiError,
    backoff::Backoff,
    capabilities,
    engine::{
        Engine,
        compose_missing::ComposeWatch,
        containers::service_states,
        engine_missing,
        podman_health::{self, Checks},
    },
    resources,
    running::Agent,
    stacks::{
        drift::drift,
        folder::{self as stack_folders, StackFolder},
        record::Record,
    },
};

/// While no engine answers, or while compose is missing.
const LOOK_FOR_MISSING_EVERY: Duration = Duration::from_secs(3);
const LOOK_EVERY: Duration = Duration::from_secs(60);
/// A change of a stack causes several events; the agent waits this long for the last one.
const SETTLE: Duration = Duration::from_millis(400);
/// The state is sent again after this time without a change, so that the server can judge its age.
const AGAIN_AFTER: Duration = Duration::from_secs(15 * 60);
/// How long to wait after the server rejected the call.
const UNKNOWN_CALL: Duration = Duration::from_secs(3600);

pub async fn run(agent: Arc<Agent>) {
    let mut said: Option<(HostState, Instant)> = None;
    let mut backoff = Backoff::new(Duration::from_secs(2), Duration::from_secs(120));
    let mut compose = ComposeWatch::default();
    let mut wait = Duration::ZERO;
    loop {
        tokio::select! {
            () = agent.stopping.cancelled() => return,
            () = agent.look.notified(), if said.is_some() => sleep(SETTLE).await,
            () = sleep(wait) => {}
        }
        let state = observe(&agent, &mut compose).await;
        wait = if state.compose_missing.is_some() { LOOK_FOR_MISSING_EVERY } else { LOOK_EVERY };
        let news =
            said.as_ref().is_none_or(|(before, at)| is_news(before, &state) || at.elapsed() >= AGAIN_AFTER);
        if !news {
            continue;
        }
        match agent.api.state(&state).await {
            Ok(()) => {
                backoff.reset();
                said = Some((state, Instant::now()));
            }
            Err(ApiError::Rejected { status, message }) => {
                tracing::warn!("the server rejected the state of the host: {status} {message}");
                wait = UNKNOWN_CALL;
            }
            Err(error) => {
                tracing::debug!("the state of the host could not be sent: {error}");
                wait = backoff.next(ambient::chance());
            }
        }
    }
}

/// Whether the state has changed. Ignores the time of observation and small changes of resources.
fn is_news(before: &HostState, now: &HostState) -> bool {
    before.engine != now.engine
        || before.engine_missing != now.engine_missing
        || before.compose_missing != now.compose_missing
        || before.capabilities != now.capabilities
        || before.stacks != now.stacks
        || match (&before.resources, &now.resources) {
            (Some(before), Some(now)) => differs(before, now),
            (before, now) => before.is_some() != now.is_some(),
        }
}

fn differs(before: &HostResources, now: &HostResources) -> bool {
    let twentieth = |a: u64, b: u64, total: u64| a.abs_diff(b) > total / 20;
    (before.cpu_usage_pct - now.cpu_usage_pct).abs() > 25.0
        || twentieth(before.memory_used_bytes, now.memory_used_bytes, now.memory_total_bytes)
        || twentieth(before.disk_used_bytes, now.disk_used_bytes, now.disk_total_bytes)
        || before.cpus != now.cpus
}

async fn observe(agent: &Agent, compose: &mut ComposeWatch) -> HostState {
    let engine = agent.engine.answering().await.ok();
    let compose_missing = match &engine {
        Some(engine) => compose.missing(engine).await,
        None => None,
    };
    let mut capabilities = capabilities::under(&agent.policy);
    if compose_missing.is_some() {
        capabilities.retain(|word| word != capabilities::COMPOSE);
    }
    let mut stacks = Vec::new();
    for record in stack_folders::all(&agent.folder) {
        stacks.extend(of_stack(agent, engine.as_ref(), &record).await);
    }
    let missing = engine.is_none().then(engine_missing);
    HostState {
        at: ambient::now(),
        engine_missing: missing,
        compose_missing,
        engine: engine.map(|engine| engine.name),
        resources: Some(resources::measure(agent.folder.root()).await),
        stacks,
        agent_version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        capabilities,
    }
}

/// `None`: the engine did not answer.
async fn of_stack(agent: &Agent, engine: Option<&Engine>, record: &Record) -> Option<StackState> {
    let folder = StackFolder::new(&agent.folder, &record.stack);
    let containers = engine?.containers(record.stack.as_str()).await.ok()?;
    let extras = folder.last_good().extras().unwrap_or_default();
    let expected = extras.expected();
    let mut services = expected.clone();
    for container in &containers {
        services.entry(container.service.clone()).or_insert(1);
    }
    let is_changing = record.applying.is_some() || agent.at_work().changes(&record.deployment_hash);
    let drift = if is_changing || record.last_good.is_none() {
        Vec::new()
    } else {
        drift(&extras.fingerprints, &expected, &record.stopped, &containers)
    };
    Some(StackState {
        deployment_hash: record.deployment_hash.clone(),
        stack: record.stack.clone(),
        revision: record.last_good,
        services: service_states(&services, &containers),
        drift,
    })
}

/// Follows the events of the engine, and runs Podman's health checks if nothing else runs them.
pub async fn listen(agent: Arc<Agent>) {
    let mut backoff = Backoff::new(Duration::from_secs(1), Duration::from_secs(60));
    let mut checks = Checks::default();
    while !agent.stopping.is_cancelled() {
        if let Ok(engine) = agent.engine.get().await {
            agent.look.notify_one();
            let begin = Instant::now();
            tokio::select! {
                () = agent.stopping.cancelled() => return,
                () = follow_events(&agent, &engine) => {}
                () = run_checks(&agent, &engine, &mut checks), if podman_health::is_needed(&engine) => {}
            }
            if begin.elapsed() > Duration::from_secs(30) {
                backoff.reset();
            }
        } else {
            // Its owner may be starting one at this moment, and waits to see it on the page. A look is cheap.
            tokio::select! {
                () = agent.stopping.cancelled() => return,
                () = sleep(LOOK_FOR_MISSING_EVERY) => continue,
            }
        }
        tokio::select! {
            () = agent.stopping.cancelled() => return,
            () = sleep(backoff.next(ambient::chance())) => {}
        }
    }
}

/// Runs until the engine closes the stream.
async fn follow_events(agent: &Agent, engine: &Engine) {
    let filters = HashMap::from([("type".to_owned(), vec!["container".to_owned()])]);
    let options = EventsOptions { filters: Some(filters), ..EventsOptions::default() };
    let mut events = std::pin::pin!(engine.docker.events(Some(options)));
    while let Some(event) = events.next().await {
        match event {
            Ok(event) => {
                let action = event.action.unwrap_or_default();
                // The command of a health check is not a change; its result is.
                if !action.starts_with("exec_") && action != "top" {
                    agent.look.notify_one();
                }
            }
            Err(error) => {
                tracing::debug!("an event of the engine cannot be read: {error}");
                agent.look.notify_one();
            }
        }
    }
}

async fn run_checks(agent: &Agent, engine: &Engine, checks: &mut Checks) {
    loop {
        sleep(Duration::from_secs(2)).await;
        for record in stack_folders::all(&agent.folder) {
            // A running deployment runs the health checks itself.
            if agent.at_work().changes(&record.deployment_hash) {
                continue;
            }
            if let Ok(containers) = engine.containers(record.stack.as_str()).await {
                let before: Vec<_> = containers.iter().map(|container| container.health).collect();
                checks.run_due(engine, &containers).await;
                let after = engine.containers(record.stack.as_str()).await.unwrap_or_default();
                if before != after.iter().map(|container| container.health).collect::<Vec<_>>() {
                    agent.look.notify_one();
                }
            }
        }
    }
}
