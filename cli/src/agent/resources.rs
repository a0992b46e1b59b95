//! Processors, memory and disk of the host, from /proc: works without a container engine.

use std::{fs, path::Path, time::Duration};

use domain::deploy::HostResources;
use serde_json::{Value, json};

/// The facts about the host that are sent once, when joining.
pub fn system_info(name: Option<&str>) -> Value {
    let uname = rustix::system::uname();
    let text = |text: &std::ffi::CStr| text.to_string_lossy().into_owned();
    let hostname = text(uname.nodename());
    json!({
        "name": name.unwrap_or(&hostname),
        "hostname": hostname,
        "os": release_name(),
        "kernel": text(uname.release()),
        "arch": text(uname.machine()),
        "cpus": cpus(),
        "memory_total_bytes": memory().0,
    })
}

fn release_name() -> Option<String> {
    let text = fs::read_to_string("/etc/os-release").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="))?;
    Some(line.trim_matches('"').to_owned())
}

fn cpus() -> u32 {
    std::thread::available_parallelism().map_or(1, |count| u32::try_from(count.get()).unwrap_or(u32::MAX))
}

/// The current use, measured over a fifth of a second.
pub async fn measure(folder: &Path) -> HostResources {
    let before = ticks();
    tokio::time::sleep(Duration::from_millis(200)).await;
    let after = ticks();
    let (memory_total_bytes, memory_used_bytes) = memory();
    let (disk_total_bytes, disk_used_bytes) = disk(folder);
    HostResources {
        cpus: cpus(),
        cpu_usage_pct: usage(before, after),
        memory_total_bytes,
        memory_used_bytes,
        disk_total_bytes,
        disk_used_bytes,
    }
}

/// Busy ticks and all ticks since boot. <https://docs.kernel.org/filesystems/proc.html#miscellaneous-kernel-statistics-in-proc-stat>
fn ticks() -> (u64, u64) {
    let text = fs::read_to_string("/proc/stat").unwrap_or_default();
    parse_ticks(&text)
}

fn parse_ticks(text: &str) -> (u64, u64) {
    let numbers: Vec<u64> = text
        .lines()
        .next()
        .unwrap_or_default()
        .split_whitespace()
        .skip(1)
        .take(8)
        .filter_map(|number| number.parse().ok())
        .collect();
    let all: u64 = numbers.iter().sum();
    let idle: u64 = numbers.iter().skip(3).take(2).sum();
    (all - idle, all)
}

fn usage(before: (u64, u64), after: (u64, u64)) -> f32 {
    let all = after.1.saturating_sub(before.1);
    let busy = after.0.saturating_sub(before.0);
    if all == 0 { 0.0 } else { (busy as f32 / all as f32 * 1000.0).round() / 10.0 }
}

/// The total and the used amount.
fn memory() -> (u64, u64) {
    parse_memory(&fs::read_to_string("/proc/meminfo").unwrap_or_default())
}

fn parse_memory(text: &str) -> (u64, u64) {
    let field = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name))?;
        line.trim_start_matches(':').split_whitespace().next()?.parse::<u64>().ok()
    };
    let total = field("MemTotal").unwrap_or(0) * 1024;
    let free = field("MemAvailable").unwrap_or(0) * 1024;
    (total, total.saturating_sub(free))
}

fn disk(folder: &Path) -> (u64, u64) {
    match rustix::fs::statvfs(folder) {
        Ok(disk) => {
            let total = disk.f_blocks * disk.f_frsize;
            (total, total.saturating_sub(disk.f_bfree * disk.f_frsize))
        }
        Err(_) => (0, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_of_the_kernel_are_read() {
        assert_eq!(parse_ticks("cpu  10 0 10 70 10 0 0 0 5 5\ncpu0 1"), (20, 100));
        assert_eq!(usage((20, 100), (45, 200)), 25.0);
        assert_eq!(usage((20, 100), (20, 100)), 0.0);
        assert_eq!(
            parse_memory("MemTotal:  100 kB\nMemFree: 10 kB\nMemAvailable:   40 kB\n"),
            (102_400, 61_440)
        );
    }
}
