//! The network in which the two ends of a wire meet.

use super::{recognise::app_of, wires::wires};
use crate::{
    compose::Service,
    stack::{Edit, Stack},
};

/// The network of every service without `networks`.
const DEFAULT: &str = "default";

/// The edits that put both into one network. A network they already share is enough, but a database or the like
/// (`private`) does not meet new consumers in the default network, which is shared by all.
pub(super) fn meet(stack: &Stack, consumer: &Service, provider: &Service, private: bool) -> Vec<Edit> {
    if consumer.network_mode.is_some() || provider.network_mode.is_some() {
        return Vec::new();
    }
    let (mine, theirs) = (names(consumer), names(provider));
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

/// A service that joins its first network leaves the default one, unless it is named too.
fn join(service: &Service, network: &str, keep_default: bool) -> Vec<Edit> {
    let edit =
        |network: &str| Edit::JoinNetwork { service: service.name.clone(), network: network.to_owned() };
    if service.networks.is_empty() && keep_default && network != DEFAULT {
        vec![edit(DEFAULT), edit(network)]
    } else {
        vec![edit(network)]
    }
}

/// Another service may rely on finding the provider in the default network.
fn is_used_by_others(stack: &Stack, consumer: &Service, provider: &Service) -> bool {
    let has_pages = app_of(stack, provider).is_none_or(|app| app.offer("http").is_some());
    has_pages
        || wires(stack)
            .iter()
            .any(|wire| wire.from == provider.name || wire.to == provider.name && wire.from != consumer.name)
}

fn names(service: &Service) -> Vec<&str> {
    if service.networks.is_empty() {
        vec![DEFAULT]
    } else {
        service.networks.iter().map(|membership| membership.network.as_str()).collect()
    }
}
