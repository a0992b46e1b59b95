//! The wires of a stack, derived from how its services refer to each other.

use super::{expected::expected_in, recognise::app_of};
use crate::{
    compose::{
        Condition, Service,
        hosts::{service_named, sure_in_value},
    },
    stack::Stack,
};

/// The service `from` uses the service `to`. There is at most one wire from one service to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wire {
    pub from: String,
    pub to: String,
    pub kind: WireKind,
    /// The protocol (`mysql`, `http`), if both ends are known.
    pub speaks: Option<&'static str>,
}

/// How the wire was found. If there are several ways, the first of them counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WireKind {
    DependsOn(Condition),
    Link,
    /// The consumer uses the network of the provider (`network_mode: service:…`).
    SharedNetwork,
    /// The value of one of the consumer's variables names the provider as a host.
    Environment,
}

/// All wires of the stack, in the order of the file.
pub fn wires(stack: &Stack) -> Vec<Wire> {
    let mut wires = Vec::new();
    for service in &stack.model().services {
        let depends =
            service.depends_on.iter().map(|on| (on.service.as_str(), WireKind::DependsOn(on.condition)));
        let links = service
            .links
            .iter()
            .map(|link| (link.value.split(':').next().unwrap_or_default(), WireKind::Link));
        let shared = service
            .network_mode
            .iter()
            .filter_map(|mode| mode.value.strip_prefix("service:"))
            .map(|name| (name, WireKind::SharedNetwork));
        for (to, kind) in depends.chain(links).chain(shared).chain(mentioned(stack, service)) {
            add(stack, &mut wires, service, to, kind);
        }
    }
    wires
}

fn mentioned<'a>(stack: &'a Stack, service: &Service) -> Vec<(&'a str, WireKind)> {
    let app = app_of(stack, service);
    service
        .environment
        .iter()
        .filter_map(|variable| Some((variable.key.as_str(), variable.value.as_deref()?)))
        .flat_map(|(key, value)| sure_in_value(value, expected_in(app, key)))
        .filter_map(|host| {
            Some((service_named(stack.model(), &host.name)?.name.as_str(), WireKind::Environment))
        })
        .collect()
}

fn add(stack: &Stack, wires: &mut Vec<Wire>, from: &Service, to: &str, kind: WireKind) {
    let Some(target) = stack.model().service(to) else { return };
    if to == from.name || wires.iter().any(|wire| wire.from == from.name && wire.to == to) {
        return;
    }
    wires.push(Wire {
        from: from.name.clone(),
        to: to.to_owned(),
        kind,
        speaks: spoken(stack, from, target),
    });
}

/// The protocol of a wire: the first one that the consumer accepts and the provider offers, otherwise the provider's
/// main one.
fn spoken(stack: &Stack, from: &Service, to: &Service) -> Option<&'static str> {
    let provider = app_of(stack, to)?;
    let accepted = app_of(stack, from).and_then(|consumer| {
        consumer
            .accepts
            .iter()
            .find(|accept| provider.offer(&accept.kind).is_some())
            .map(|accept| accept.kind.as_str())
    });
    accepted.or_else(|| provider.offers.first().map(|offer| offer.kind.as_str()))
}
