//! The values with a fixed set of words or a format, as one table.
//!
//! Who objects was tried with Compose 2.40.3: what it rejects has [`Objection::Compose`]. What it accepts and the
//! engine refuses when the container is created has [`Objection::Engine`].

use super::{
    Format,
    Objection::{self, Compose, Engine, Ignored},
    Test::{self, Function, Resembles, Spelled, Words},
    Types::{self, Bool, Number, TextOrBool, TextOrInteger, TextOrNumber},
    addresses, measures, spell,
};

const fn format(types: Types, objection: Objection, test: Test, write: &'static str) -> Format {
    Format { types, write, test, objection }
}

/// Whatever the test says, the type alone decides.
fn anything(_: &str) -> Result<(), super::Wrong> {
    Ok(())
}

const TEXT: Types = Types::Text;

// Types

pub static BOOLEAN_TEXT: Format =
    format(TextOrBool, Compose, Function(spell::boolean), "Write `true` or `false`.");
pub static STRICT_BOOLEAN: Format =
    format(Bool, Compose, Function(spell::boolean), "Write `true` or `false`.");
pub static TEXT_OR_BOOLEAN: Format =
    format(TextOrBool, Compose, Function(anything), "Write `true`, `false` or text.");
pub static TEXT_OR_INTEGER: Format =
    format(TextOrInteger, Compose, Function(anything), "Write text or a whole number.");
pub static TEXT_OR_NUMBER: Format =
    format(TextOrNumber, Compose, Function(anything), "Write text or a number.");
pub static WHOLE: Format = format(TextOrInteger, Compose, Function(measures::whole), "Write a whole number.");
pub static WHOLE_OR_NUMBER: Format =
    format(TextOrNumber, Compose, Spelled(measures::whole_or_number), "Write a whole number.");
pub static STRICT_INTEGER: Format =
    format(Number, Compose, Function(measures::whole), "Write a whole number without quotes.");
pub static STRICT_NUMBER: Format =
    format(Number, Compose, Function(anything), "Write a number without quotes.");
pub static COUNT: Format =
    format(TextOrInteger, Compose, Function(measures::count), "Write a whole number from 0.");
pub static RETRIES: Format =
    format(TextOrNumber, Compose, Spelled(measures::retries), "Write a whole number from 0.");
pub static COUNT_OR_ALL: Format =
    format(TextOrInteger, Compose, Function(measures::count_or_all), "Write a whole number, or `all`.");
pub static PERCENT: Format =
    format(TextOrInteger, Compose, Function(measures::percent), "Write a number from 0 to 100.");
pub static OOM_SCORE: Format =
    format(TextOrInteger, Compose, Function(measures::oom_score), "Write a number from -1000 to 1000.");
pub static RATIO: Format =
    format(TextOrNumber, Compose, Function(measures::number), "Write a number from 0 to 1.");
pub static FILE_MODE: Format =
    format(TextOrInteger, Compose, Spelled(measures::file_mode), "Write an octal number such as `0440`.");

// Measures

pub static DURATION: Format = format(
    TEXT,
    Compose,
    Function(measures::duration),
    "Write a number with its unit, such as `30s`, `1m30s` or `2h`.",
);
const SIZE: &str = "Write a number with its unit, such as `512m` or `2g`.";
pub static BYTES: Format = format(TextOrNumber, Compose, Spelled(measures::bytes), SIZE);
pub static WHOLE_BYTES: Format = format(TextOrInteger, Compose, Spelled(measures::bytes), SIZE);
pub static BYTES_FROM_ZERO: Format = format(TextOrInteger, Compose, Spelled(measures::bytes_from_zero), SIZE);
pub static BYTES_TEXT: Format = format(TEXT, Compose, Spelled(measures::bytes), SIZE);
pub static MEMORY: Format = format(TextOrNumber, Compose, Spelled(measures::memory), SIZE);
pub static MEMORY_TEXT: Format = format(TEXT, Compose, Spelled(measures::memory), SIZE);
pub static CPUS: Format =
    format(TextOrNumber, Compose, Function(measures::cpus), "Write a number such as `0.5` or `2`.");
pub static CPUSET: Format =
    format(TEXT, Engine, Function(measures::cpuset), "Write the numbers of CPUs, such as `0-3` or `0,2`.");

// Words

pub static RESTART: Format = format(
    TEXT,
    Engine,
    Function(spell::restart),
    "Use `no`, `always`, `unless-stopped`, `on-failure` or `on-failure:3`.",
);
pub static RESTART_CONDITION: Format = format(
    TEXT,
    Engine,
    Words(&["none", "on-failure", "any", "no", "always", "unless-stopped"]),
    "Use `none`, `on-failure` or `any`.",
);
pub static PULL_POLICY: Format = format(
    TEXT,
    Compose,
    Function(spell::pull_policy),
    "Use `always`, `missing`, `never`, `build`, `daily`, `weekly` or `every_12h`.",
);
pub static CGROUP: Format = format(TEXT, Compose, Words(&["host", "private"]), "Use `host` or `private`.");
pub static ISOLATION: Format = format(
    TEXT,
    Engine,
    Words(&["default", "process", "hyperv"]),
    "Use `default`, or on Windows `process` or `hyperv`.",
);
pub static NETWORK_MODE: Format = format(
    TEXT,
    Engine,
    Function(spell::network_mode),
    "Use `bridge`, `host`, `none`, `service:NAME` or `container:NAME`.",
);
pub static PID: Format =
    format(TEXT, Engine, Function(spell::pid), "Use `host`, `service:NAME` or `container:NAME`.");
pub static IPC: Format = format(
    TEXT,
    Engine,
    Function(spell::ipc),
    "Use `shareable`, `private`, `none`, `host`, `service:NAME` or `container:NAME`.",
);
pub static UTS: Format = format(TEXT, Engine, Words(&["host", "private", ""]), "The only mode is `host`.");
pub static USERNS: Format =
    format(TEXT, Engine, Function(spell::userns), "Use `host`, or with Podman `keep-id` or `auto`.");
pub static PLATFORM: Format = format(
    TEXT,
    Engine,
    Function(spell::platform),
    "Write system and processor, such as `linux/amd64` or `linux/arm64`.",
);
pub static SIGNAL: Format =
    format(TEXT, Engine, Function(spell::signal), "Use the name of a signal, such as `SIGTERM` or `SIGINT`.");
pub static CAPABILITY: Format = format(
    TEXT,
    Engine,
    Function(spell::capability),
    "Use a Linux capability such as `NET_ADMIN`, or `ALL`.",
);
pub static CONTAINER_NAME: Format = format(
    TEXT,
    Compose,
    Function(spell::container_name),
    "Use two or more letters, digits, `_`, `.` and `-`, beginning with a letter or digit.",
);
pub static ENV_FORMAT: Format =
    format(TEXT, Engine, Function(spell::env_format), "Use `raw`, or leave the key out.");
pub static PROJECT_NAME: Format =
    format(TEXT, Compose, Function(spell::project_name), "Use letters and digits, such as `shop`.");
pub static GPUS: Format = format(TEXT, Compose, Words(&["all"]), "Use `all`, or a list of devices.");
pub static UPDATE_ORDER: Format =
    format(TEXT, Compose, Words(&["start-first", "stop-first"]), "Use `start-first` or `stop-first`.");
pub static FAILURE_ACTION: Format = format(
    TEXT,
    Ignored,
    Words(&["continue", "pause", "rollback"]),
    "Use `continue`, `pause` or `rollback`.",
);
pub static DEPLOY_MODE: Format = format(
    TEXT,
    Ignored,
    Words(&["replicated", "global", "replicated-job", "global-job"]),
    "Use `replicated` or `global`.",
);
pub static ENDPOINT_MODE: Format = format(TEXT, Ignored, Words(&["vip", "dnsrr"]), "Use `vip` or `dnsrr`.");
pub static PORT_MODE: Format = format(TEXT, Ignored, Words(&["host", "ingress"]), "Use `host` or `ingress`.");
pub static PROTOCOL: Format = format(TEXT, Engine, Function(spell::protocol), "Use `tcp`, `udp` or `sctp`.");
pub static CONSISTENCY: Format = format(
    TEXT,
    Ignored,
    Words(&["consistent", "cached", "delegated", "default"]),
    "Use `consistent`, `cached` or `delegated`.",
);
pub static PROPAGATION: Format = format(
    TEXT,
    Engine,
    Words(&["rprivate", "private", "rshared", "shared", "rslave", "slave"]),
    "Use `rprivate`, `private`, `rshared`, `shared`, `rslave` or `slave`.",
);
pub static RECURSIVE: Format = format(
    TEXT,
    Compose,
    Words(&["enabled", "disabled", "writable", "readonly"]),
    "Use `enabled`, `disabled`, `writable` or `readonly`.",
);
pub static SELINUX: Format = format(TEXT, Compose, Words(&["z", "Z"]), "Use `z` or `Z`.");
pub static WATCH_ACTION: Format = format(
    TEXT,
    Compose,
    Words(&["rebuild", "sync", "restart", "sync+restart", "sync+exec"]),
    "Use `rebuild`, `sync`, `restart`, `sync+restart` or `sync+exec`.",
);
pub static PERMISSIONS: Format =
    format(TEXT, Engine, Function(spell::permissions), "Use the letters `r`, `w` and `m`.");

// Words of plugins: any other word may be right.

pub static LOG_DRIVER: Format = format(
    TEXT,
    Engine,
    Resembles(&[
        "json-file",
        "local",
        "journald",
        "syslog",
        "none",
        "gelf",
        "fluentd",
        "awslogs",
        "splunk",
        "gcplogs",
        "etwlogs",
        "k8s-file",
        "passthrough",
    ]),
    "Use the name of a logging driver, such as `json-file`, `local` or `journald`.",
);
pub static NETWORK_DRIVER: Format = format(
    TEXT,
    Engine,
    Resembles(&["bridge", "overlay", "macvlan", "ipvlan", "host", "none"]),
    "Use the name of a network driver, such as `bridge`, `macvlan` or `overlay`.",
);
pub static VOLUME_DRIVER: Format =
    format(TEXT, Engine, Resembles(&["local"]), "Use the name of a volume driver, such as `local`.");

// Addresses

pub static ADDRESS: Format =
    format(TEXT, Engine, Function(addresses::address), "Write an IP address such as `10.0.0.5`.");
pub static HOST_IP: Format =
    format(TEXT, Compose, Function(addresses::address), "Write an IP address such as `127.0.0.1`.");
pub static DNS: Format = format(
    TEXT,
    Engine,
    Function(addresses::address),
    "Write the IP address of the server, such as `1.1.1.1`.",
);
pub static IPV4: Format =
    format(TEXT, Engine, Function(addresses::ipv4), "Write an IPv4 address such as `10.0.0.5`.");
pub static IPV6: Format =
    format(TEXT, Engine, Function(addresses::ipv6), "Write an IPv6 address such as `fd00::5`.");
pub static SUBNET: Format = format(
    TEXT,
    Engine,
    Function(addresses::subnet),
    "Write an address and a prefix, such as `10.5.0.0/16`.",
);
pub static MAC: Format =
    format(TEXT, Engine, Function(addresses::mac), "Write six pairs of hex digits: `02:42:ac:11:65:43`.");
pub static HOST_ADDRESS: Format =
    format(TEXT, Engine, Function(addresses::host_address), "Write an IP address, or `host-gateway`.");
pub static HOST_ENTRY: Format = format(
    TEXT,
    Compose,
    Function(addresses::host_entry),
    "Write a name and an IP address, such as `db:10.0.0.5`.",
);
pub static EXPOSE: Format =
    format(TextOrNumber, Engine, Function(addresses::exposed), "Write a port such as `8080` or `53/udp`.");
