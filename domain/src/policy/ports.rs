//! The policy rules about published ports of the host.

use super::policy_input::PolicyInput;
use crate::compose::Service;

pub fn look(input: &mut PolicyInput<'_>, service: &Service) {
    let policy = input.policy;
    if policy.published_ports.is_empty() && policy.published_addresses.is_empty() {
        return;
    }
    for port in &service.ports {
        let Some(mapping) = &port.mapping else {
            input.refuse("published_ports", "a port can't be read, so it isn't known whether it is allowed");
            continue;
        };
        let allowed = |(first, last): (u16, u16)| {
            (first..=last).all(|port| {
                policy.published_ports.iter().any(|range| range.first <= port && port <= range.last)
            })
        };
        match mapping.published {
            _ if policy.published_ports.is_empty() => {}
            Some(range) if allowed(range) => {}
            Some((first, last)) => {
                let range = if first == last { first.to_string() } else { format!("{first}-{last}") };
                input.refuse(
                    "published_ports",
                    format!("the port {range} is refused; adding it to `published_ports` would allow it"),
                );
            }
            None => input.refuse(
                "published_ports",
                "the engine can't choose a port, because only some are allowed: write one",
            ),
        }
        let address = mapping.host_ip.as_deref().filter(|ip| !ip.is_empty()).unwrap_or("0.0.0.0");
        if !policy.published_addresses.is_empty()
            && !policy.published_addresses.iter().any(|allowed| allowed == address)
        {
            input.refuse(
                "published_addresses",
                format!("ports on the address {address} are refused; adding it to `published_addresses` would allow it"),
            );
        }
    }
}
