//! The policy rules about networks that do not belong to the stack.

use super::policy_input::{PolicyInput, text};
use crate::compose::{Service, yaml::Node};

/// Bridge options without an effect outside the network.
const OPTIONS: &[&str] = &[
    "com.docker.network.driver.mtu",
    "com.docker.network.bridge.enable_icc",
    "com.docker.network.bridge.enable_ip_masquerade",
    "mtu",
];

/// Whether engines read this name as the network of the host or of another container.
fn is_special(name: &str) -> bool {
    matches!(name, "host" | "none" | "slirp4netns" | "pasta" | "private") || name.contains(':')
}

pub fn declared(input: &mut PolicyInput<'_>) {
    let Some(networks) = input.model.root.get("networks") else { return };
    for entry in networks.entries() {
        let (key, body) = (&entry.key, &entry.value);
        let driver = body.get("driver").and_then(text).unwrap_or_default();
        if !matches!(driver.as_str(), "" | "bridge" | "default")
            && !input.policy.allow_network_drivers.contains(&driver)
        {
            input.refuse(
                "allow_network_drivers",
                format!("network `{key}`: the driver `{driver}` is refused; `allow_network_drivers: [{driver}]` would allow it"),
            );
        }
        let options = body.get("driver_opts").map(Node::entries).unwrap_or_default();
        for option in options.iter().filter(|option| !OPTIONS.contains(&option.key.as_str())) {
            if input.policy.allow_network_drivers.contains(&driver) {
                continue;
            }
            input.refuse(
                "allow_network_drivers",
                format!("network `{key}`: the option `{}` is refused; naming its driver in `allow_network_drivers` would allow it", option.key),
            );
        }
        let ipam = body.at(&["ipam", "driver"]).and_then(text).unwrap_or_default();
        if !matches!(ipam.as_str(), "" | "default" | "host-local")
            && !input.policy.allow_network_drivers.contains(&ipam)
        {
            input.refuse(
                "allow_network_drivers",
                format!("network `{key}`: the address driver `{ipam}` is refused; `allow_network_drivers: [{ipam}]` would allow it"),
            );
        }
        let external = body.get("external").and_then(|external| external.get("name")).and_then(text);
        for name in [body.get("name").and_then(text), external].into_iter().flatten().chain([key.clone()]) {
            special(input, &name);
        }
    }
}

pub fn look(input: &mut PolicyInput<'_>, service: &Service, node: &Node) {
    let listed = node.get("networks").map(Node::items).unwrap_or_default().iter().filter_map(text);
    let names: Vec<String> = service.networks.iter().map(|one| one.network.clone()).chain(listed).collect();
    for name in names {
        special(input, &name);
    }
}

fn special(input: &mut PolicyInput<'_>, name: &str) {
    if is_special(name)
        && name != "none"
        && !input.policy.allow_host_namespaces.iter().any(|allowed| allowed == "network")
    {
        input.refuse(
            "allow_host_namespaces",
            format!("the network `{name}` doesn't belong to the stack; `allow_host_namespaces: [network]` would allow it"),
        );
    }
}
