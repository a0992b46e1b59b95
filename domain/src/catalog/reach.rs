//! Which services reach each other through which networks.

use super::wires::wires;
use crate::{compose::Service, stack::Stack};

/// The network of every service without `networks`.
pub(super) const DEFAULT: &str = "default";

/// The networks of a service, by their key in the file.
pub(super) fn networks_of(service: &Service) -> Vec<&str> {
    if service.networks.is_empty() {
        vec![DEFAULT]
    } else {
        service.networks.iter().map(|membership| membership.network.as_str()).collect()
    }
}

/// The services that a wire connects with this one and that would share no network with it any more if it was only in
/// these. Each is named once, in the order of the file.
pub fn cut_off(stack: &Stack, service: &Service, networks: &[&str]) -> Vec<String> {
    if service.network_mode.is_some() {
        return Vec::new();
    }
    let before = networks_of(service);
    let wires = wires(stack);
    let is_wired = |other: &str| {
        wires.iter().any(|wire| {
            (wire.from == service.name && wire.to == other) || (wire.to == service.name && wire.from == other)
        })
    };
    let shares = |other: &Service, names: &[&str]| networks_of(other).iter().any(|name| names.contains(name));
    stack
        .model()
        .services
        .iter()
        .filter(|other| other.name != service.name && other.network_mode.is_none() && is_wired(&other.name))
        .filter(|other| shares(other, &before) && !shares(other, networks))
        .map(|other| other.name.clone())
        .collect()
}
