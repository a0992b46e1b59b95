//! The policy file, `/etc/stacker/policy.yaml`.

use serde::Deserialize;

use crate::compose::{resolve, scalar, syntax, yaml::Value};

/// Every key of the file. A missing key allows nothing, unless its comment says otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Policy {
    /// Allows `privileged: true`, and hooks that use it.
    pub allow_privileged: bool,
    /// Allows `build`, which builds images from a folder on the host.
    pub allow_build: bool,
    /// Allows `gpus`, and devices reserved under `deploy`.
    pub allow_gpus: bool,
    /// Allows the socket of the container engine, also through a folder above it, and `use_api_socket`.
    pub allow_engine_socket: bool,
    /// Allows `include`, `extends`, `env_file`, `label_file`, and files of secrets and configs outside the stack's
    /// folder.
    pub allow_outside_files: bool,
    /// Allows `driver_opts` of volumes that mount a device, a share or a folder outside `bind_roots`.
    pub allow_volume_mounts: bool,
    /// Allows access to containers of other stacks (`network_mode: container:…`, `volumes_from: container:…`,
    /// `external_links`) and to volumes of the host that do not belong to this stack.
    pub allow_other_containers: bool,
    /// Allows the command `exec`.
    pub allow_exec: bool,
    /// Allows images without a tag or with the tag `latest`. They are allowed unless the value is `false`.
    pub allow_unpinned_images: Allowed,
    /// Requires images to have a digest. No registry can change the content behind a digest.
    pub require_digests: bool,
    /// Folders that may be mounted in addition to the stack's own, including everything below them.
    pub bind_roots: Vec<String>,
    /// Allowed devices: paths, or names of device sets. `/dev/dri` includes everything below it.
    pub allow_devices: Vec<String>,
    /// Allowed `device_cgroup_rules`, which must match word for word.
    pub allow_device_cgroup_rules: Vec<String>,
    /// Capabilities that are allowed in addition to those that every container has: `NET_ADMIN`.
    pub allow_cap_add: Vec<String>,
    /// Allowed `security_opt` entries, which must match word for word. Options that only take rights away are always
    /// allowed.
    pub allow_security_opt: Vec<String>,
    /// Namespaces of the host that may be shared: `network`, `pid`, `ipc`, `userns`, `cgroup`, `uts`.
    pub allow_host_namespaces: Vec<String>,
    /// Sysctls that are allowed in addition to those that affect only the container.
    pub allow_sysctls: Vec<String>,
    /// Runtimes that are allowed in addition to `runc`, `crun`, and the sandboxes `runsc` and `kata`.
    pub allow_runtimes: Vec<String>,
    /// Network drivers that are allowed in addition to `bridge`.
    pub allow_network_drivers: Vec<String>,
    /// Volume drivers that are allowed in addition to `local`.
    pub allow_volume_drivers: Vec<String>,
    /// Log drivers that are allowed in addition to those that store the log on the host.
    pub allow_log_drivers: Vec<String>,
    /// Allowed service keys that this agent does not know.
    pub allow_keys: Vec<String>,
    /// Registries that images may come from: `docker.io`, `ghcr.io/acme`. An empty list allows all registries.
    pub registries: Vec<String>,
    /// Host ports that may be published: `80`, `8000-8999`. An empty list allows all ports.
    pub published_ports: Vec<PortRange>,
    /// Addresses that ports may be published on. An empty list allows all addresses.
    pub published_addresses: Vec<String>,
}

/// A switch that is on by default.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Allowed(pub bool);

impl Default for Allowed {
    fn default() -> Self {
        Self(true)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "PortText")]
pub struct PortRange {
    pub first: u16,
    pub last: u16,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum PortText {
    Number(u16),
    Text(String),
}

impl TryFrom<PortText> for PortRange {
    type Error = String;

    fn try_from(text: PortText) -> Result<Self, Self::Error> {
        let (first, last) = match &text {
            PortText::Number(port) => (*port, *port),
            PortText::Text(text) => crate::compose::ports::range(text)
                .ok_or_else(|| format!("`{text}` isn't a port or a range such as `8000-8999`"))?,
        };
        Ok(Self { first, last })
    }
}

/// Why the file cannot be used. Until it is fixed, nothing is changed on the host.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct PolicyFileError(pub String);

impl Policy {
    /// Reads the file. An empty file is the default policy. A key that is unknown, duplicated or of the wrong type
    /// makes the file unusable: a restriction that is not understood must not be skipped.
    pub fn read(text: &str) -> Result<Self, PolicyFileError> {
        let parsed = syntax::parse(text);
        let resolved = resolve::resolve(&parsed.tree);
        if let Some(error) = parsed.error.or(resolved.error) {
            return Err(PolicyFileError(error.message));
        }
        if let Some(twice) = resolved.duplicates.first() {
            return Err(PolicyFileError(format!("duplicate key `{}`", twice.key)));
        }
        let policy: Self = match resolved.root.value {
            Value::Null => Self::default(),
            _ => serde_json::from_value(resolved.root.to_json())
                .map_err(|error| PolicyFileError(error.to_string()))?,
        };
        policy.checked()
    }

    fn checked(self) -> Result<Self, PolicyFileError> {
        let namespaces = ["network", "pid", "ipc", "userns", "cgroup", "uts"];
        for name in &self.allow_host_namespaces {
            if !namespaces.contains(&name.as_str()) {
                let known = namespaces.join(", ");
                return Err(PolicyFileError(format!("allow_host_namespaces: `{name}` isn't one of {known}")));
            }
        }
        for root in &self.bind_roots {
            if !root.starts_with('/') || root.split('/').any(|part| part == "..") {
                let root = scalar::plain_or_quoted(root);
                return Err(PolicyFileError(format!("bind_roots: {root} isn't an absolute path")));
            }
        }
        Ok(self)
    }
}
