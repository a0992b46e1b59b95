//! The flags of `docker run` and what each means in compose. Source: the reference of `docker container run`.

use Target::{LeftOut, LeftOutValue, List, Pairs, Special, True, Value};

/// The path of a key below a service.
pub type KeyPath = &'static [&'static str];

#[derive(Clone, Copy, Debug)]
pub enum Target {
    /// A single value.
    Value(KeyPath),
    /// One more item of a list.
    List(KeyPath),
    /// `KEY=value`, one more entry of a mapping.
    Pairs(KeyPath),
    /// A switch.
    True(KeyPath),
    /// Needs more than writing the value at a key.
    Special(Meaning),
    /// A switch without a counterpart, and why it is not needed. Empty: nothing has to be said.
    LeftOut(&'static str),
    /// The same for a flag with a value.
    LeftOutValue(&'static str),
}

impl Target {
    pub fn takes_value(self) -> bool {
        !matches!(self, True(_) | LeftOut(_))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    Name,
    Network,
    NetworkAlias,
    Address(&'static str),
    Volume,
    Mount,
    Entrypoint,
    HealthCommand,
    StopTimeout,
    Ulimit,
    Gpus,
}

pub struct Flag {
    pub long: &'static str,
    pub short: Option<char>,
    pub target: Target,
}

pub fn long(name: &str) -> Option<&'static Flag> {
    FLAGS.iter().find(|flag| flag.long == name)
}

pub fn short(name: char) -> Option<&'static Flag> {
    FLAGS.iter().find(|flag| flag.short == Some(name))
}

const fn flag(long: &'static str, target: Target) -> Flag {
    Flag { long, short: None, target }
}

const fn both(short: char, long: &'static str, target: Target) -> Flag {
    Flag { long, short: Some(short), target }
}

const FOREGROUND: &str = "it is about the terminal in which the command runs";
const ONE_SHOT: &str = "compose itself removes and replaces the containers of a stack";

static FLAGS: &[Flag] = &[
    flag("add-host", List(&["extra_hosts"])),
    flag("annotation", Pairs(&["annotations"])),
    both('a', "attach", LeftOutValue(FOREGROUND)),
    flag("blkio-weight", Value(&["blkio_config", "weight"])),
    flag("cap-add", List(&["cap_add"])),
    flag("cap-drop", List(&["cap_drop"])),
    flag("cgroup-parent", Value(&["cgroup_parent"])),
    flag("cgroupns", Value(&["cgroup"])),
    flag("cidfile", LeftOutValue("compose keeps the ids of its containers itself")),
    flag("cpu-count", Value(&["cpu_count"])),
    flag("cpu-percent", Value(&["cpu_percent"])),
    flag("cpu-period", Value(&["cpu_period"])),
    flag("cpu-quota", Value(&["cpu_quota"])),
    flag("cpu-rt-period", Value(&["cpu_rt_period"])),
    flag("cpu-rt-runtime", Value(&["cpu_rt_runtime"])),
    both('c', "cpu-shares", Value(&["cpu_shares"])),
    flag("cpus", Value(&["cpus"])),
    flag("cpuset-cpus", Value(&["cpuset"])),
    flag("cpuset-mems", LeftOutValue("compose has no key for it")),
    // Every service of a stack runs in the background.
    both('d', "detach", LeftOut("")),
    flag("detach-keys", LeftOutValue(FOREGROUND)),
    flag("device", List(&["devices"])),
    flag("device-cgroup-rule", List(&["device_cgroup_rules"])),
    flag("disable-content-trust", LeftOut("compose has no key for it")),
    flag("dns", List(&["dns"])),
    flag("dns-opt", List(&["dns_opt"])),
    flag("dns-option", List(&["dns_opt"])),
    flag("dns-search", List(&["dns_search"])),
    flag("domainname", Value(&["domainname"])),
    flag("entrypoint", Special(Meaning::Entrypoint)),
    both('e', "env", Pairs(&["environment"])),
    flag("env-file", List(&["env_file"])),
    flag("expose", List(&["expose"])),
    flag("gpus", Special(Meaning::Gpus)),
    flag("group-add", List(&["group_add"])),
    flag("health-cmd", Special(Meaning::HealthCommand)),
    flag("health-interval", Value(&["healthcheck", "interval"])),
    flag("health-retries", Value(&["healthcheck", "retries"])),
    flag("health-start-interval", Value(&["healthcheck", "start_interval"])),
    flag("health-start-period", Value(&["healthcheck", "start_period"])),
    flag("health-timeout", Value(&["healthcheck", "timeout"])),
    both('h', "hostname", Value(&["hostname"])),
    flag("init", True(&["init"])),
    both('i', "interactive", True(&["stdin_open"])),
    flag("ip", Special(Meaning::Address("ipv4_address"))),
    flag("ip6", Special(Meaning::Address("ipv6_address"))),
    flag("ipc", Value(&["ipc"])),
    flag("isolation", Value(&["isolation"])),
    both('l', "label", Pairs(&["labels"])),
    flag("label-file", List(&["label_file"])),
    flag("link", List(&["links"])),
    flag("log-driver", Value(&["logging", "driver"])),
    flag("log-opt", Pairs(&["logging", "options"])),
    flag("mac-address", Value(&["mac_address"])),
    both('m', "memory", Value(&["mem_limit"])),
    flag("memory-reservation", Value(&["mem_reservation"])),
    flag("memory-swap", Value(&["memswap_limit"])),
    flag("memory-swappiness", Value(&["mem_swappiness"])),
    flag("mount", Special(Meaning::Mount)),
    flag("name", Special(Meaning::Name)),
    flag("net", Special(Meaning::Network)),
    flag("net-alias", Special(Meaning::NetworkAlias)),
    flag("network", Special(Meaning::Network)),
    flag("network-alias", Special(Meaning::NetworkAlias)),
    flag("no-healthcheck", True(&["healthcheck", "disable"])),
    flag("oom-kill-disable", True(&["oom_kill_disable"])),
    flag("oom-score-adj", Value(&["oom_score_adj"])),
    flag("pid", Value(&["pid"])),
    flag("pids-limit", Value(&["pids_limit"])),
    flag("platform", Value(&["platform"])),
    flag("privileged", True(&["privileged"])),
    both('p', "publish", List(&["ports"])),
    both('P', "publish-all", LeftOut("compose publishes only ports that are named: add them under Ports")),
    flag("pull", Value(&["pull_policy"])),
    both('q', "quiet", LeftOut(FOREGROUND)),
    flag("read-only", True(&["read_only"])),
    flag("restart", Value(&["restart"])),
    flag("rm", LeftOut(ONE_SHOT)),
    flag("runtime", Value(&["runtime"])),
    flag("security-opt", List(&["security_opt"])),
    flag("shm-size", Value(&["shm_size"])),
    flag("sig-proxy", LeftOut(FOREGROUND)),
    flag("stop-signal", Value(&["stop_signal"])),
    flag("stop-timeout", Special(Meaning::StopTimeout)),
    flag("storage-opt", Pairs(&["storage_opt"])),
    flag("sysctl", Pairs(&["sysctls"])),
    flag("tmpfs", List(&["tmpfs"])),
    both('t', "tty", True(&["tty"])),
    flag("ulimit", Special(Meaning::Ulimit)),
    both('u', "user", Value(&["user"])),
    flag("userns", Value(&["userns_mode"])),
    flag("uts", Value(&["uts"])),
    both('v', "volume", Special(Meaning::Volume)),
    flag("volume-driver", LeftOutValue("write the driver at the volume's own entry in the compose file")),
    flag("volumes-from", List(&["volumes_from"])),
    both('w', "workdir", Value(&["working_dir"])),
];
