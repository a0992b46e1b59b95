//! `health`: state and metrics of one app.

use std::time::Duration;

use bollard::{
    models::{ContainerCpuStats, ContainerNetworkStats, ContainerStatsResponse},
    query_parameters::StatsOptions,
};
use futures::StreamExt;
use serde_json::{Value, json};

use super::{apps, parameters, target::Target};
use crate::agent::{
    ambient, engine::Engine, failure::Failure, outcome::CommandOutcome, resources, work::Work,
};

/// Clients rely on the shape of the result, also when the health is unknown.
pub async fn run(work: &Work) -> CommandOutcome {
    match look(work).await {
        Ok(value) => CommandOutcome::done(value),
        Err(failure) => {
            let mut result = head(work, "health", parameters::text(work, "app_code").unwrap_or("-"));
            result["status"] = "unknown".into();
            result["container_state"] = "unknown".into();
            result["errors"] = json!([{"code": failure.code, "message": failure.message}]);
            CommandOutcome { result: Some(result), failure: Some(failure) }
        }
    }
}

/// The first fields of every result about one app.
pub fn head(work: &Work, name: &str, app_code: &str) -> Value {
    json!({"type": name, "deployment_hash": work.command.deployment_hash, "app_code": app_code})
}

async fn look(work: &Work) -> Result<Value, Failure> {
    let target = Target::find(work).await?;
    let container =
        target.containers.first().ok_or_else(|| Failure::new("not-found", "no container found"))?;
    let mut result = head(work, "health", &target.app_code);
    result["status"] = apps::health(container).into();
    result["container_state"] = apps::container_state(container).into();
    result["last_heartbeat_at"] = json!(ambient::now());
    if parameters::flag(work, "include_metrics", true) {
        result["metrics"] = tokio::select! {
            () = work.cancel.cancelled() => return Err(Failure::cancelled()),
            metrics = metrics(&target.engine, &container.id) => metrics,
        };
    }
    if parameters::flag(work, "include_system", false) {
        result["system"] = json!(resources::measure(work.agent.folder.root()).await);
    }
    Ok(result)
}

async fn metrics(engine: &Engine, id: &str) -> Value {
    let options = StatsOptions { stream: false, one_shot: false };
    let mut stream = std::pin::pin!(engine.docker.stats(id, Some(options)));
    match tokio::time::timeout(Duration::from_secs(10), stream.next()).await {
        Ok(Some(Ok(stats))) => from_stats(&stats),
        // A stopped container has no metrics.
        _ => json!({}),
    }
}

/// Uses the same formulas as `docker stats`.
fn from_stats(stats: &ContainerStatsResponse) -> Value {
    let cpu = |stats: Option<&ContainerCpuStats>| {
        let total = stats.and_then(|cpu| cpu.cpu_usage.as_ref()).and_then(|usage| usage.total_usage);
        (total.unwrap_or(0), stats.and_then(|cpu| cpu.system_cpu_usage).unwrap_or(0))
    };
    let (now, before) = (cpu(stats.cpu_stats.as_ref()), cpu(stats.precpu_stats.as_ref()));
    let cpus = stats.cpu_stats.as_ref().and_then(|cpu| cpu.online_cpus).unwrap_or(1).max(1);
    let system = now.1.saturating_sub(before.1);
    let busy = now.0.saturating_sub(before.0);
    let cpu_pct = if system == 0 { 0.0 } else { busy as f64 / system as f64 * f64::from(cpus) * 100.0 };
    let memory = stats.memory_stats.as_ref();
    let cache = memory.and_then(|memory| memory.stats.as_ref()?.get("inactive_file").copied()).unwrap_or(0);
    let used = memory.and_then(|memory| memory.usage).unwrap_or(0).saturating_sub(cache);
    let limit = memory.and_then(|memory| memory.limit).unwrap_or(0);
    let mem_pct = if limit == 0 { 0.0 } else { used as f64 / limit as f64 * 100.0 };
    let sum = |field: fn(&ContainerNetworkStats) -> Option<u64>| -> u64 {
        stats.networks.iter().flat_map(|networks| networks.values()).filter_map(field).sum()
    };
    let rounded = |value: f64| (value * 100.0).round() / 100.0;
    json!({
        "cpu_pct": rounded(cpu_pct),
        "mem_pct": rounded(mem_pct),
        "mem_usage_mb": rounded(used as f64 / 1_048_576.0),
        "mem_limit_bytes": limit,
        "rx_bytes": sum(|network| network.rx_bytes),
        "tx_bytes": sum(|network| network.tx_bytes),
    })
}
