//! The keys of every mapping, from
//! <https://github.com/compose-spec/compose-spec/blob/main/schema/compose-spec.json>.

use super::{
    Keys,
    Shape::{self, Any, List, Names, Null, Or, Scalar, Text, Unique, Value},
    formats::*,
};

pub static FILE: Keys = Keys {
    owner: "a compose file",
    known: &[
        ("configs", Names(Some("a config"), &keys(&CONFIG))),
        ("include", List(&Or(&[Text, keys(&INCLUDE)]))),
        ("models", Names(None, &keys(&MODEL))),
        ("name", Value(&PROJECT_NAME)),
        ("networks", Names(None, &Or(&[keys(&NETWORK), Null]))),
        ("secrets", Names(Some("a secret"), &keys(&SECRET))),
        // The names of services have a finding of their own.
        ("services", Names(None, &keys(&SERVICE))),
        ("version", Text),
        ("volumes", Names(Some("a volume"), &Or(&[keys(&VOLUME), Null]))),
    ],
    required: &[],
    one_of: &[],
    open: false,
};

pub static SERVICE: Keys = Keys {
    owner: "a service",
    known: &[
        ("annotations", PAIRS),
        ("attach", BOOLEAN),
        ("blkio_config", keys(&BLKIO)),
        ("build", Or(&[Text, keys(&BUILD)])),
        ("cap_add", List(&Value(&CAPABILITY))),
        ("cap_drop", List(&Value(&CAPABILITY))),
        ("cgroup", Value(&CGROUP)),
        ("cgroup_parent", Text),
        ("command", COMMAND),
        ("configs", GRANTS),
        ("container_name", Value(&CONTAINER_NAME)),
        ("cpu_count", Value(&COUNT)),
        ("cpu_percent", Value(&PERCENT)),
        ("cpu_period", INTEGER_OR_NUMBER),
        ("cpu_quota", INTEGER_OR_NUMBER),
        ("cpu_rt_period", INTEGER_OR_NUMBER),
        ("cpu_rt_runtime", INTEGER_OR_NUMBER),
        ("cpu_shares", INTEGER_OR_NUMBER),
        ("cpus", Value(&CPUS)),
        ("cpuset", Value(&CPUSET)),
        ("credential_spec", keys(&CREDENTIAL_SPEC)),
        ("depends_on", Or(&[Names(None, &keys(&DEPENDENCY)), UNIQUE])),
        ("deploy", Or(&[keys(&DEPLOY), Null])),
        ("develop", Or(&[keys(&DEVELOP), Null])),
        ("device_cgroup_rules", UNIQUE),
        ("devices", List(&Or(&[Text, keys(&DEVICE)]))),
        ("dns", Or(&[Value(&DNS), List(&Value(&DNS))])),
        ("dns_opt", TEXTS),
        ("dns_search", TEXT_OR_LIST),
        ("domainname", Text),
        ("entrypoint", COMMAND),
        ("env_file", Or(&[Text, List(&Or(&[Text, keys(&ENV_FILE)]))])),
        ("environment", PAIRS),
        ("expose", List(&Value(&EXPOSE))),
        ("extends", Or(&[Text, keys(&EXTENDS)])),
        ("external_links", UNIQUE),
        ("extra_hosts", HOSTS),
        ("gpus", Or(&[Value(&GPUS), List(&keys(&GPU))])),
        ("group_add", Unique(&Scalar)),
        ("healthcheck", keys(&HEALTHCHECK)),
        ("hostname", Text),
        ("image", Text),
        ("init", BOOLEAN),
        ("ipc", Value(&IPC)),
        ("isolation", Value(&ISOLATION)),
        ("label_file", TEXT_OR_LIST),
        ("labels", PAIRS),
        ("links", TEXTS),
        ("logging", keys(&LOGGING)),
        ("mac_address", Value(&MAC)),
        ("mem_limit", Value(&MEMORY)),
        ("mem_reservation", Value(&WHOLE_BYTES)),
        ("mem_swappiness", Value(&WHOLE_BYTES)),
        ("memswap_limit", Value(&BYTES)),
        ("models", Or(&[TEXTS, Names(None, &Or(&[keys(&SERVICE_MODEL), Null]))])),
        ("network_mode", Value(&NETWORK_MODE)),
        ("networks", Or(&[Names(None, &Or(&[keys(&MEMBERSHIP), Null])), UNIQUE])),
        ("oom_kill_disable", BOOLEAN),
        ("oom_score_adj", Value(&OOM_SCORE)),
        ("pid", Value(&PID)),
        ("pids_limit", INTEGER_OR_NUMBER),
        ("platform", Value(&PLATFORM)),
        // Other entries of `ports` and `volumes` have findings of their own.
        ("ports", List(&Or(&[keys(&PORT), Any]))),
        ("post_start", List(&keys(&HOOK))),
        ("pre_stop", List(&keys(&HOOK))),
        ("privileged", BOOLEAN),
        ("profiles", TEXTS),
        ("provider", keys(&PROVIDER)),
        ("pull_policy", Value(&PULL_POLICY)),
        ("pull_refresh_after", Text),
        ("read_only", BOOLEAN),
        ("restart", Value(&RESTART)),
        ("runtime", Text),
        ("scale", Value(&COUNT)),
        ("secrets", GRANTS),
        ("security_opt", UNIQUE),
        ("shm_size", Value(&BYTES)),
        ("stdin_open", BOOLEAN),
        ("stop_grace_period", Value(&DURATION)),
        ("stop_signal", Value(&SIGNAL)),
        ("storage_opt", Names(None, &Or(&[Value(&TEXT_OR_NUMBER), Null]))),
        ("sysctls", PAIRS),
        ("tmpfs", TEXT_OR_LIST),
        ("tty", BOOLEAN),
        ("ulimits", ULIMITS),
        ("use_api_socket", Value(&STRICT_BOOLEAN)),
        ("user", Text),
        ("userns_mode", Value(&USERNS)),
        ("uts", Value(&UTS)),
        ("volumes", List(&Or(&[keys(&MOUNT), Any]))),
        ("volumes_from", UNIQUE),
        ("working_dir", Text),
    ],
    required: &[],
    one_of: &[],
    open: false,
};

const fn keys(keys: &'static Keys) -> Shape {
    Shape::Keys(keys)
}

/// A mapping of the specification that has no required keys.
const fn part(owner: &'static str, known: &'static [(&'static str, Shape)]) -> Keys {
    Keys { owner, known, required: &[], one_of: &[], open: false }
}

const fn requiring(required: &'static [&'static str], part: Keys) -> Keys {
    Keys { required, ..part }
}

const fn with_one_of(one_of: &'static [&'static str], part: Keys) -> Keys {
    Keys { one_of, ..part }
}

const fn open(part: Keys) -> Keys {
    Keys { open: true, ..part }
}

const BOOLEAN: Shape = Value(&BOOLEAN_TEXT);
const INTEGER: Shape = Value(&WHOLE);
const INTEGER_OR_NUMBER: Shape = Value(&WHOLE_OR_NUMBER);
const TEXTS: Shape = List(&Text);
const UNIQUE: Shape = Unique(&Text);
const TEXT_OR_LIST: Shape = Or(&[Text, TEXTS]);
/// Settings of a driver, which are text or numbers.
const SETTINGS: Shape = Names(None, &Value(&TEXT_OR_NUMBER));
/// A mapping of single values, or a list of `KEY=value`.
const PAIRS: Shape = Or(&[Names(None, &Or(&[Scalar, Null])), TEXTS]);
/// Options of a provider: single values or lists of them.
const OPTIONS: Shape = Names(None, &Or(&[Scalar, List(&Scalar)]));
/// Like [`PAIRS`], where Compose wants each entry of a list once.
const UNIQUE_PAIRS: Shape = Or(&[Names(None, &Or(&[Scalar, Null])), UNIQUE]);
const COMMAND: Shape = Or(&[Text, TEXTS, Null]);
const HOSTS: Shape = Or(&[
    Names(None, &Or(&[Value(&HOST_ADDRESS), List(&Value(&HOST_ADDRESS))])),
    Unique(&Value(&HOST_ENTRY)),
]);
const EXTERNAL: Shape = Or(&[BOOLEAN, keys(&EXTERNAL_NAME)]);
const GRANTS: Shape = List(&Or(&[Text, keys(&GRANT)]));
const ULIMITS: Shape = Names(None, &Or(&[INTEGER, keys(&ULIMIT)]));

static EXTERNAL_NAME: Keys = open(part("`external`", &[("name", Text)]));

static CLOSED_EXTERNAL_NAME: Keys = part("`external`", &[("name", Text)]);

static INCLUDE: Keys = part(
    "an entry of `include`",
    &[("env_file", TEXT_OR_LIST), ("path", TEXT_OR_LIST), ("project_directory", Or(&[Scalar, Null]))],
);

static MODEL: Keys = requiring(
    &["model"],
    part(
        "a model",
        &[
            ("context_size", Value(&STRICT_INTEGER)),
            ("model", Text),
            ("name", Text),
            ("runtime_flags", TEXTS),
        ],
    ),
);

static SERVICE_MODEL: Keys = part("a model of a service", &[("endpoint_var", Text), ("model_var", Text)]);

static NETWORK: Keys = part(
    "a network",
    &[
        ("attachable", BOOLEAN),
        ("driver", Value(&NETWORK_DRIVER)),
        ("driver_opts", SETTINGS),
        ("enable_ipv4", BOOLEAN),
        ("enable_ipv6", BOOLEAN),
        ("external", Or(&[BOOLEAN, keys(&CLOSED_EXTERNAL_NAME)])),
        ("internal", BOOLEAN),
        ("ipam", keys(&IPAM)),
        ("labels", PAIRS),
        ("name", Text),
    ],
);

static IPAM: Keys = part(
    "`ipam`",
    &[("config", List(&keys(&IPAM_CONFIG))), ("driver", Text), ("options", Names(None, &Text))],
);

static IPAM_CONFIG: Keys = part(
    "an address pool",
    &[
        ("aux_addresses", Names(None, &Value(&ADDRESS))),
        ("gateway", Value(&ADDRESS)),
        ("ip_range", Value(&SUBNET)),
        ("subnet", Value(&SUBNET)),
    ],
);

static VOLUME: Keys = part(
    "a volume",
    &[
        ("driver", Value(&VOLUME_DRIVER)),
        ("driver_opts", SETTINGS),
        ("external", Or(&[BOOLEAN, keys(&CLOSED_EXTERNAL_NAME)])),
        ("labels", UNIQUE_PAIRS),
        ("name", Text),
    ],
);

static SECRET: Keys = with_one_of(
    &["file", "environment", "external", "driver"],
    part(
        "a secret",
        &[
            ("driver", Text),
            ("driver_opts", Names(None, &Or(&[Value(&TEXT_OR_INTEGER)]))),
            ("environment", Text),
            ("external", EXTERNAL),
            ("file", Text),
            ("labels", UNIQUE_PAIRS),
            ("name", Text),
            ("template_driver", Text),
        ],
    ),
);

static CONFIG: Keys = with_one_of(
    &["file", "content", "environment", "external"],
    part(
        "a config",
        &[
            ("content", Text),
            ("environment", Text),
            ("external", EXTERNAL),
            ("file", Text),
            ("labels", UNIQUE_PAIRS),
            ("name", Text),
            ("template_driver", Text),
        ],
    ),
);

static BLKIO: Keys = part(
    "`blkio_config`",
    &[
        ("device_read_bps", List(&keys(&BLKIO_RATE))),
        ("device_read_iops", List(&keys(&BLKIO_RATE))),
        ("device_write_bps", List(&keys(&BLKIO_RATE))),
        ("device_write_iops", List(&keys(&BLKIO_RATE))),
        ("weight", Value(&STRICT_INTEGER)),
        ("weight_device", List(&keys(&BLKIO_WEIGHT))),
    ],
);
static BLKIO_RATE: Keys = part("a limit of a device", &[("path", Text), ("rate", Value(&WHOLE_BYTES))]);
static BLKIO_WEIGHT: Keys =
    part("a weight of a device", &[("path", Text), ("weight", Value(&STRICT_INTEGER))]);

static BUILD: Keys = part(
    "`build`",
    &[
        ("additional_contexts", Or(&[Names(None, &Text), TEXTS])),
        ("args", PAIRS),
        ("cache_from", TEXTS),
        ("cache_to", TEXTS),
        ("context", Text),
        ("dockerfile", Text),
        ("dockerfile_inline", Text),
        ("entitlements", TEXTS),
        ("extra_hosts", HOSTS),
        ("isolation", Text),
        ("labels", PAIRS),
        ("network", Text),
        ("no_cache", BOOLEAN),
        ("platforms", TEXTS),
        ("privileged", BOOLEAN),
        ("provenance", Value(&TEXT_OR_BOOLEAN)),
        ("pull", BOOLEAN),
        ("sbom", Value(&TEXT_OR_BOOLEAN)),
        ("secrets", GRANTS),
        ("shm_size", Value(&WHOLE_BYTES)),
        ("ssh", UNIQUE_PAIRS),
        ("tags", TEXTS),
        ("target", Text),
        ("ulimits", Names(None, &Or(&[Value(&STRICT_INTEGER), keys(&BUILD_ULIMIT)]))),
    ],
);
static BUILD_ULIMIT: Keys = requiring(
    &["soft", "hard"],
    part("a limit", &[("hard", Value(&STRICT_INTEGER)), ("soft", Value(&STRICT_INTEGER))]),
);

static CREDENTIAL_SPEC: Keys =
    part("`credential_spec`", &[("config", Text), ("file", Text), ("registry", Text)]);

static DEPENDENCY: Keys = requiring(
    &["condition"],
    // An unknown condition has a finding of its own.
    part("a dependency", &[("condition", Text), ("required", Value(&STRICT_BOOLEAN)), ("restart", BOOLEAN)]),
);

static DEPLOY: Keys = part(
    "`deploy`",
    &[
        ("endpoint_mode", Value(&ENDPOINT_MODE)),
        ("labels", PAIRS),
        ("mode", Value(&DEPLOY_MODE)),
        ("placement", keys(&PLACEMENT)),
        ("replicas", Value(&COUNT)),
        ("resources", keys(&RESOURCES)),
        ("restart_policy", keys(&RESTART_POLICY)),
        ("rollback_config", keys(&UPDATE)),
        ("update_config", keys(&UPDATE)),
    ],
);
static PLACEMENT: Keys = part(
    "`placement`",
    &[("constraints", TEXTS), ("max_replicas_per_node", INTEGER), ("preferences", List(&keys(&PREFERENCE)))],
);
static PREFERENCE: Keys = part("a preference", &[("spread", Text)]);
static RESOURCES: Keys =
    part("`resources`", &[("limits", keys(&LIMITS)), ("reservations", keys(&RESERVATIONS))]);
static LIMITS: Keys =
    part("`limits`", &[("cpus", Value(&CPUS)), ("memory", Value(&MEMORY_TEXT)), ("pids", INTEGER)]);
static RESERVATIONS: Keys = part(
    "`reservations`",
    &[
        ("cpus", Value(&CPUS)),
        ("devices", List(&keys(&RESERVED_DEVICE))),
        ("generic_resources", List(&Names(None, &Any))),
        ("memory", Value(&BYTES_TEXT)),
    ],
);
static RESERVED_DEVICE: Keys = requiring(&["capabilities"], part("a reserved device", DEVICE_REQUEST));
static GPU: Keys = open(part("a device of `gpus`", DEVICE_REQUEST));
const DEVICE_REQUEST: &[(&str, Shape)] = &[
    ("capabilities", UNIQUE),
    ("count", Value(&COUNT_OR_ALL)),
    ("device_ids", UNIQUE),
    ("driver", Text),
    ("options", PAIRS),
];
static RESTART_POLICY: Keys = part(
    "`restart_policy`",
    &[
        ("condition", Value(&RESTART_CONDITION)),
        ("delay", Value(&DURATION)),
        ("max_attempts", INTEGER),
        ("window", Value(&DURATION)),
    ],
);
static UPDATE: Keys = part(
    "`update_config`",
    &[
        ("delay", Value(&DURATION)),
        ("failure_action", Value(&FAILURE_ACTION)),
        ("max_failure_ratio", Value(&RATIO)),
        ("monitor", Value(&DURATION)),
        ("order", Value(&UPDATE_ORDER)),
        ("parallelism", INTEGER),
    ],
);

static DEVELOP: Keys = part("`develop`", &[("watch", List(&keys(&WATCH)))]);
static WATCH: Keys = requiring(
    &["path", "action"],
    part(
        "an entry of `watch`",
        &[
            ("action", Value(&WATCH_ACTION)),
            ("exec", keys(&HOOK)),
            ("ignore", TEXT_OR_LIST),
            ("include", TEXT_OR_LIST),
            ("initial_sync", Value(&STRICT_BOOLEAN)),
            ("path", Text),
            ("target", Text),
        ],
    ),
);

static DEVICE: Keys = requiring(
    &["source", "target"],
    part("a device", &[("permissions", Value(&PERMISSIONS)), ("source", Text), ("target", Text)]),
);

static ENV_FILE: Keys = requiring(
    &["path"],
    part("an entry of `env_file`", &[("format", Value(&ENV_FORMAT)), ("path", Text), ("required", BOOLEAN)]),
);

static EXTENDS: Keys = open(requiring(&["service"], part("`extends`", &[("file", Text), ("service", Text)])));

static HEALTHCHECK: Keys = part(
    "a health check",
    &[
        ("disable", BOOLEAN),
        ("interval", Value(&DURATION)),
        ("retries", Value(&RETRIES)),
        ("start_interval", Value(&DURATION)),
        ("start_period", Value(&DURATION)),
        ("test", TEXT_OR_LIST),
        ("timeout", Value(&DURATION)),
    ],
);

static LOGGING: Keys = part(
    "`logging`",
    &[("driver", Value(&LOG_DRIVER)), ("options", Names(None, &Or(&[Value(&TEXT_OR_NUMBER), Null])))],
);

static MEMBERSHIP: Keys = part(
    "a network of a service",
    &[
        ("aliases", TEXTS),
        ("driver_opts", SETTINGS),
        ("gw_priority", Value(&STRICT_NUMBER)),
        ("interface_name", Text),
        ("ipv4_address", Value(&IPV4)),
        ("ipv6_address", Value(&IPV6)),
        ("link_local_ips", List(&Value(&ADDRESS))),
        ("mac_address", Value(&MAC)),
        ("priority", Value(&STRICT_NUMBER)),
    ],
);

static PORT: Keys = part(
    "a port",
    &[
        ("app_protocol", Text),
        ("host_ip", Value(&HOST_IP)),
        ("mode", Value(&PORT_MODE)),
        ("name", Text),
        ("protocol", Value(&PROTOCOL)),
        // These have findings of their own.
        ("published", Value(&TEXT_OR_INTEGER)),
        ("target", Any),
    ],
);

static HOOK: Keys = requiring(
    &["command"],
    part(
        "a hook",
        &[
            ("command", COMMAND),
            ("environment", PAIRS),
            ("privileged", BOOLEAN),
            ("user", Text),
            ("working_dir", Text),
        ],
    ),
);

static PROVIDER: Keys = requiring(&["type"], part("a provider", &[("options", OPTIONS), ("type", Text)]));

static GRANT: Keys = requiring(
    &["source"],
    part(
        "an entry of `secrets` or `configs`",
        &[("gid", Text), ("mode", Value(&FILE_MODE)), ("source", Text), ("target", Text), ("uid", Text)],
    ),
);

static ULIMIT: Keys = requiring(&["soft", "hard"], part("a limit", &[("hard", INTEGER), ("soft", INTEGER)]));

static MOUNT: Keys = requiring(
    &["type"],
    part(
        "a mount",
        &[
            ("bind", keys(&MOUNT_BIND)),
            ("consistency", Value(&CONSISTENCY)),
            ("image", keys(&MOUNT_IMAGE)),
            ("read_only", BOOLEAN),
            ("source", Text),
            ("target", Text),
            ("tmpfs", keys(&MOUNT_TMPFS)),
            // An unknown type has a finding of its own.
            ("type", Text),
            ("volume", keys(&MOUNT_VOLUME)),
        ],
    ),
);
static MOUNT_BIND: Keys = part(
    "`bind`",
    &[
        ("create_host_path", BOOLEAN),
        ("propagation", Value(&PROPAGATION)),
        ("recursive", Value(&RECURSIVE)),
        ("selinux", Value(&SELINUX)),
    ],
);
static MOUNT_IMAGE: Keys = part("`image`", &[("subpath", Text)]);
static MOUNT_TMPFS: Keys =
    part("`tmpfs`", &[("mode", Value(&STRICT_NUMBER)), ("size", Value(&BYTES_FROM_ZERO))]);
static MOUNT_VOLUME: Keys = part("`volume`", &[("labels", PAIRS), ("nocopy", BOOLEAN), ("subpath", Text)]);
