//! Refuses unknown keys, because their effect outside the container is unknown.

use super::policy_input::{PolicyInput, is_off};
use crate::compose::yaml::Node;

const TOP_LEVEL: &[&str] =
    &["configs", "include", "name", "networks", "secrets", "services", "version", "volumes"];

/// Keys without an effect outside the container, and keys that another file of this folder checks.
const OF_SERVICE: &[&str] = &[
    // No effect outside the container.
    "attach",
    "blkio_config",
    "cap_drop",
    "command",
    "container_name",
    "cpu_count",
    "cpu_percent",
    "cpu_period",
    "cpu_quota",
    "cpu_rt_period",
    "cpu_rt_runtime",
    "cpu_shares",
    "cpus",
    "cpuset",
    "depends_on",
    "develop",
    "dns",
    "dns_opt",
    "dns_search",
    "domainname",
    "entrypoint",
    "environment",
    "expose",
    "extra_hosts",
    "group_add",
    "healthcheck",
    "hostname",
    "init",
    "isolation",
    "labels",
    "links",
    "mac_address",
    "mem_limit",
    "mem_reservation",
    "mem_swappiness",
    "memswap_limit",
    "oom_kill_disable",
    "oom_score_adj",
    "pids_limit",
    "platform",
    "profiles",
    "pull_refresh_after",
    "read_only",
    "restart",
    "scale",
    "shm_size",
    "stdin_open",
    "stop_grace_period",
    "stop_signal",
    "storage_opt",
    "tmpfs",
    "tty",
    "ulimits",
    "user",
    "working_dir",
    // Checked by another file.
    "build",
    "cap_add",
    "cgroup",
    "cgroup_parent",
    "configs",
    "deploy",
    "device_cgroup_rules",
    "devices",
    "env_file",
    "extends",
    "external_links",
    "gpus",
    "image",
    "ipc",
    "label_file",
    "logging",
    "network_mode",
    "networks",
    "pid",
    "ports",
    "post_start",
    "pre_stop",
    "privileged",
    "pull_policy",
    "runtime",
    "secrets",
    "security_opt",
    "sysctls",
    "use_api_socket",
    "userns_mode",
    "uts",
    "volumes",
    "volumes_from",
];

const RULE: &str = "allow_keys";

pub fn top_level(input: &mut PolicyInput<'_>) {
    for entry in input.model.root.entries() {
        if TOP_LEVEL.contains(&entry.key.as_str()) || entry.key.starts_with("x-") {
            continue;
        }
        input.refuse(RULE, format!("this agent doesn't know what the top-level key `{}` does", entry.key));
    }
}

pub fn of_service(input: &mut PolicyInput<'_>, node: &Node) {
    for entry in node.entries() {
        let key = entry.key.as_str();
        let known = OF_SERVICE.contains(&key) || key.starts_with("x-");
        let allowed = input.policy.allow_keys.iter().any(|allowed| allowed == key);
        if known || allowed || is_off(Some(&entry.value)) {
            continue;
        }
        input.refuse(
            RULE,
            format!(
                "this agent doesn't know what `{key}` gives access to; `allow_keys: [{key}]` would allow it"
            ),
        );
    }
}
