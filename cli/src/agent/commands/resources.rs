//! `server_resources`: processors, memory and disk of the host.

use serde_json::{Value, json};

use super::parameters;
use crate::agent::{ambient, failure::Failure, resources, work::Work};

/// Works without a container engine.
pub async fn run(work: &Work) -> Result<Value, Failure> {
    let measured = resources::measure(work.agent.folder.root()).await;
    let pct = |used: u64, total: u64| {
        if total == 0 { 0.0 } else { (used as f64 / total as f64 * 1000.0).round() / 10.0 }
    };
    let mut result = json!({
        "cpu_usage_pct": measured.cpu_usage_pct,
        "cpus": measured.cpus,
        "memory_total_bytes": measured.memory_total_bytes,
        "memory_used_bytes": measured.memory_used_bytes,
        "memory_usage_pct": pct(measured.memory_used_bytes, measured.memory_total_bytes),
        "collected_at": ambient::now(),
    });
    if parameters::flag(work, "include_disk", true) {
        result["disk_total_bytes"] = measured.disk_total_bytes.into();
        result["disk_used_bytes"] = measured.disk_used_bytes.into();
        result["disk_usage_pct"] = pct(measured.disk_used_bytes, measured.disk_total_bytes).into();
    }
    Ok(result)
}
