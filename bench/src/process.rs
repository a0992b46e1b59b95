//! Processor time and memory of the server process, from `/proc`.

use std::{fs, time::Duration};

use anyhow::Context as _;

/// The unit of the times in `/proc`: hundredths of a second on every Linux.
/// <https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html>
const TICK: Duration = Duration::from_millis(10);

/// User and system time of the process.
pub fn processor_time(pid: u32) -> anyhow::Result<Duration> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).context("reading the time of the server")?;
    // The process name, in brackets, may contain any character.
    let after_name = stat.rsplit_once(')').context("no name in stat")?.1;
    let fields: Vec<&str> = after_name.split_whitespace().collect();
    let ticks: u32 = fields[11].parse::<u32>()? + fields[12].parse::<u32>()?;
    Ok(TICK * ticks)
}

pub fn resident_mebibytes(pid: u32) -> anyhow::Result<f64> {
    let status =
        fs::read_to_string(format!("/proc/{pid}/status")).context("reading the memory of the server")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
    let kibibytes: f64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kibibytes / 1024.0)
}
