//! The policy rules about rights outside the container: privileges, capabilities, devices, namespaces.

use super::policy_input::{PolicyInput, is_off, text, texts};
use crate::{
    compose::yaml::Node,
    rights::{NAMESPACES, Sharing, capability_name, is_ordinary, is_within, normal, takes_away},
};

const RUNTIMES: &[&str] = &["runc", "crun", "io.containerd.runc.v2", "runsc", "kata", "kata-runtime"];

/// The prefixes of sysctls that affect only the container itself.
const OWN_SYSCTLS: &[&str] = &["net.", "kernel.msg", "kernel.sem", "kernel.shm", "fs.mqueue."];

pub fn look(input: &mut PolicyInput<'_>, node: &Node) {
    privileges(input, node);
    capabilities(input, node);
    devices(input, node);
    namespaces(input, node);
    others(input, node);
}

fn privileges(input: &mut PolicyInput<'_>, node: &Node) {
    if !input.policy.allow_privileged {
        if !is_off(node.get("privileged")) {
            input.refuse(
                "allow_privileged",
                "`privileged` gives the container root rights on the host; `allow_privileged: true` would allow it",
            );
        }
        for key in ["post_start", "pre_stop"] {
            let asks = |hook: &Node| !is_off(hook.get("privileged"));
            if node.get(key).is_some_and(|hooks| hooks.items().iter().any(asks)) {
                input.refuse(
                    "allow_privileged",
                    format!("a privileged `{key}` hook is refused; `allow_privileged: true` would allow it"),
                );
            }
        }
    }
    let build = node.get("build").is_some_and(|build| !build.is_null())
        || node.get("pull_policy").and_then(text).is_some_and(|policy| policy == "build");
    if build && !input.policy.allow_build {
        input.refuse(
            "allow_build",
            "`build` makes an image from a folder of this host; name an image, or `allow_build: true` would allow it",
        );
    }
    if !input.policy.allow_engine_socket && !is_off(node.get("use_api_socket")) {
        input.refuse(
            "allow_engine_socket",
            "`use_api_socket` hands the container engine to the container; `allow_engine_socket: true` would allow it",
        );
    }
}

fn capabilities(input: &mut PolicyInput<'_>, node: &Node) {
    for capability in listed(input, node, "cap_add", "allow_cap_add") {
        let name = capability_name(&capability);
        let named = |allowed: &String| capability_name(allowed) == name;
        if !is_ordinary(&name) && !input.policy.allow_cap_add.iter().any(named) {
            input.refuse(
                "allow_cap_add",
                format!("the capability `{name}` is refused; `allow_cap_add: [{name}]` would allow it"),
            );
        }
    }
    for option in listed(input, node, "security_opt", "allow_security_opt") {
        if !takes_away(&option) && !input.policy.allow_security_opt.contains(&option) {
            input.refuse(
                "allow_security_opt",
                format!("`security_opt: {option}` is refused; the same line in `allow_security_opt` would allow it"),
            );
        }
    }
}

fn devices(input: &mut PolicyInput<'_>, node: &Node) {
    for device in node.get("devices").map(Node::items).unwrap_or_default() {
        let source = match device.get("source") {
            Some(source) => text(source),
            None => text(device).map(|text| text.split(':').next().unwrap_or_default().to_owned()),
        };
        let source = source.unwrap_or_default();
        let reached = normal(&source).unwrap_or_else(|| source.clone());
        let allowed = |allowed: &String| is_within(&reached, allowed.trim_end_matches('/'));
        if !input.policy.allow_devices.iter().any(allowed) {
            input.refuse(
                "allow_devices",
                format!("the device `{source}` is refused; `allow_devices: [{source}]` would allow it"),
            );
        }
    }
    if node
        .get("devices")
        .is_some_and(|devices| !devices.is_null() && devices.items().is_empty() && devices.text().is_some())
    {
        input.refuse("allow_devices", "`devices` isn't a list");
    }
    for rule in listed(input, node, "device_cgroup_rules", "allow_device_cgroup_rules") {
        if !input.policy.allow_device_cgroup_rules.contains(&rule) {
            input.refuse(
                "allow_device_cgroup_rules",
                format!(
                    "`device_cgroup_rules: {rule}` opens devices; the same line in `allow_device_cgroup_rules` would allow it"
                ),
            );
        }
    }
    let gpus = !is_off(node.get("gpus"))
        || node
            .at(&["deploy", "resources", "reservations", "devices"])
            .is_some_and(|devices| !is_off(Some(devices)));
    if gpus && !input.policy.allow_gpus {
        input.refuse(
            "allow_gpus",
            "GPUs and reserved devices are refused; `allow_gpus: true` would allow them",
        );
    }
}

fn namespaces(input: &mut PolicyInput<'_>, node: &Node) {
    for namespace in NAMESPACES {
        let (key, name) = (namespace.key, namespace.name);
        let Some(value) = node.get(key).filter(|value| !value.is_null()) else { continue };
        let mode = text(value).unwrap_or_else(|| value.kind().to_owned());
        let sharing = namespace.sharing(&mode);
        if sharing == Sharing::Stack {
            continue;
        }
        if sharing == Sharing::Container {
            if !input.policy.allow_other_containers {
                input.refuse(
                    "allow_other_containers",
                    format!("`{key}: {mode}` enters a container outside of the stack; `allow_other_containers: true` would allow it"),
                );
            }
        } else if !input.policy.allow_host_namespaces.iter().any(|allowed| allowed == name)
            || sharing != Sharing::Host
        {
            input.refuse(
                "allow_host_namespaces",
                format!("`{key}: {mode}` is refused; `allow_host_namespaces: [{name}]` would allow `host`"),
            );
        }
    }
    if let Some(parent) = node.get("cgroup_parent").filter(|value| !is_off(Some(value)))
        && !input.policy.allow_host_namespaces.iter().any(|allowed| allowed == "cgroup")
    {
        let parent = text(parent).unwrap_or_default();
        input.refuse(
            "allow_host_namespaces",
            format!("`cgroup_parent: {parent}` is refused; `allow_host_namespaces: [cgroup]` would allow it"),
        );
    }
}

fn others(input: &mut PolicyInput<'_>, node: &Node) {
    if let Some(runtime) = node.get("runtime").and_then(text).filter(|runtime| !runtime.is_empty())
        && !RUNTIMES.contains(&runtime.as_str())
        && !input.policy.allow_runtimes.contains(&runtime)
    {
        input.refuse(
            "allow_runtimes",
            format!("the runtime `{runtime}` is refused; `allow_runtimes: [{runtime}]` would allow it"),
        );
    }
    for name in sysctls(node) {
        let own = OWN_SYSCTLS.iter().any(|prefix| name.starts_with(prefix));
        if !own && !input.policy.allow_sysctls.contains(&name) {
            input.refuse(
                "allow_sysctls",
                format!("the kernel setting `{name}` is refused; `allow_sysctls: [{name}]` would allow it"),
            );
        }
    }
    if !input.policy.allow_other_containers {
        for source in listed(input, node, "volumes_from", "allow_other_containers") {
            if source.starts_with("container:") {
                input.refuse(
                    "allow_other_containers",
                    format!("`volumes_from: {source}` opens the volumes of a container outside of the stack; `allow_other_containers: true` would allow it"),
                );
            }
        }
        if !listed(input, node, "external_links", "allow_other_containers").is_empty() {
            input.refuse(
                "allow_other_containers",
                "`external_links` leads to containers outside of the stack; `allow_other_containers: true` would allow it",
            );
        }
    }
}

/// The names in a mapping, or in a list of `name=value`.
fn sysctls(node: &Node) -> Vec<String> {
    let Some(value) = node.get("sysctls") else { return Vec::new() };
    let named = value.entries().iter().map(|entry| entry.key.clone());
    let listed = texts(value).unwrap_or_default();
    let listed = listed.into_iter().map(|item| item.split('=').next().unwrap_or_default().trim().to_owned());
    // Some engines treat `net/core/x` and `net.core.x` alike.
    named.chain(listed).map(|name| name.replace('/', ".")).filter(|name| !name.is_empty()).collect()
}

/// The texts of a list. Any other value is refused.
fn listed(input: &mut PolicyInput<'_>, node: &Node, key: &str, rule: &str) -> Vec<String> {
    let Some(value) = node.get(key) else { return Vec::new() };
    texts(value).unwrap_or_else(|| {
        input.refuse(rule, format!("`{key}` isn't a list of texts, so its effect is unknown"));
        Vec::new()
    })
}
