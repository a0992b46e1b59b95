//! The network in which the two ends of a wire meet.

use super::{
    reach::{DEFAULT, networks_of},
    recognise::app_of,
    wires::wires,
};
use crate::{
    compose::Service,
    stack::{Edit, Stack},
};

/// The edits that put both services into one network. A network that they already share is enough, with one
/// exception: a `private` provider (a database or the like) does not meet a new consumer in the default network,
/// because all services without `networks` share it.
pub(super) fn meet(stack: &Stack, consumer: &Service, provider: &Service, private: bool) -> Vec<Edit> {
    if consumer.network_mode.is_some() || provider.network_mode.is_some() {
        return Vec::new();
    }
    let (mine, theirs) = (networks_of(consumer), networks_of(provider));
    let shared = |name: &&str| theirs.contains(name);
    if mine.iter().any(|name| *name != DEFAULT && shared(name)) {
        return Vec::new();
    }
    let is_known = wires(stack).iter().any(|wire| wire.from == consumer.name && wire.to == provider.name);
    if is_known && mine.iter().any(shared) {
        return Vec::new();
    }
    if let Some(network) = theirs.iter().find(|name| **name != DEFAULT) {
        if !private && mine.iter().any(shared) {
            return Vec::new();
        }
        return join(consumer, network, true);
    }
    if !private {
        return if mine.contains(&DEFAULT) { Vec::new() } else { join(consumer, DEFAULT, true) };
    }
    let network = format!("{}-net", provider.name);
    let mut edits = join(consumer, &network, true);
    edits.extend(join(provider, &network, is_used_by_others(stack, consumer, provider)));
    edits
}

/// Adds the service to a network. A service that joins its first network would leave the default one; with
/// `keep_default` it stays in both.
fn join(service: &Service, network: &str, keep_default: bool) -> Vec<Edit> {
    vec![Edit::JoinNetwork {
        service: service.name.clone(),
        network: network.to_owned(),
        keep_default: Some(keep_default),
    }]
}

/// Whether the provider must stay in the default network: it serves HTTP, its app is unknown, or other services are
/// wired to it.
fn is_used_by_others(stack: &Stack, consumer: &Service, provider: &Service) -> bool {
    let has_pages = app_of(stack, provider).is_none_or(|app| app.offer("http").is_some());
    has_pages
        || wires(stack)
            .iter()
            .any(|wire| wire.from == provider.name || wire.to == provider.name && wire.from != consumer.name)
}
