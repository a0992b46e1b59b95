//! What goes with a service when it is removed: what its wires wrote into other services, and the declarations that
//! only it used. The data in a volume is never touched, because edits change text only.

use super::{
    disconnect::disconnect,
    reach::{DEFAULT, networks_of},
    wires::{Wire, wires},
};
use crate::{
    compose::Service,
    stack::{Edit, Stack},
};

/// The edits that take the wires to this service out of its consumers, and the consumers out of the networks that they
/// share with it alone. Each edit can be left out.
pub fn unwire(stack: &Stack, service: &str) -> Vec<Edit> {
    let wires = wires(stack);
    let consumers = stack.model().services.iter().filter(|other| {
        other.name != service && wires.iter().any(|wire| wire.from == other.name && wire.to == service)
    });
    let mut edits: Vec<Edit> = consumers
        .flat_map(|consumer| disconnect(stack, &consumer.name, service).unwrap_or_default())
        .collect();
    for (network, members) in networks_of_wires(stack, service, &wires) {
        for member in members {
            edits.push(Edit::LeaveNetwork {
                service: member.name.clone(),
                network: network.to_owned(),
                cut_off: true,
            });
            if is_only_default_without(stack, member, network) {
                edits.push(Edit::RemoveKey { path: own(&["services", &member.name, "networks"]) });
            }
        }
    }
    edits
}

/// The edits that remove the declarations of networks and volumes that nothing uses once the service is gone.
pub fn unused_without(stack: &Stack, service: &str) -> Vec<Edit> {
    let model = stack.model();
    let others = || model.services.iter().filter(|other| other.name != service);
    // Services of other files may use what is declared here.
    if !model.includes.is_empty()
        || others().any(|other| other.extends.as_ref().is_some_and(|extends| extends.file.is_some()))
    {
        return Vec::new();
    }
    let Some(removed) = model.service(service) else { return Vec::new() };
    let wires = wires(stack);
    let networks =
        networks_of_wires(stack, service, &wires).into_iter().map(|(network, _)| ("networks", network));
    let mounted = |service: &Service, name: &str| {
        service.volumes.iter().any(|mount| mount.volume_name().as_deref() == Some(name))
    };
    let may_mount = |service: &Service| {
        service.volumes.iter().any(|mount| mount.source.as_deref().is_some_and(|source| source.contains('$')))
    };
    let volumes = model
        .volumes
        .iter()
        .map(|volume| volume.name.as_str())
        .filter(|name| {
            mounted(removed, name) && !others().any(|other| mounted(other, name) || may_mount(other))
        })
        .map(|volume| ("volumes", volume));
    networks.chain(volumes).map(|(kind, name)| Edit::RemoveKey { path: own(&[kind, name]) }).collect()
}

/// The declared networks of the service that nobody else needs, with the services that are still in them: these are
/// wired to the service, are in another network too, and do not use each other through this one alone.
fn networks_of_wires<'a>(
    stack: &'a Stack,
    service: &str,
    wires: &[Wire],
) -> Vec<(&'a str, Vec<&'a Service>)> {
    let model = stack.model();
    let is_in = |service: &Service, network: &str| {
        service.networks.iter().any(|membership| membership.network == network)
    };
    let is_wired = |one: &str, other: &str| {
        wires
            .iter()
            .any(|wire| (wire.from == one && wire.to == other) || (wire.from == other && wire.to == one))
    };
    let Some(removed) = model.service(service) else { return Vec::new() };
    let mut found = Vec::new();
    // Containers outside the stack may be in an external network.
    let declared = model.networks.iter().filter(|network| !network.external);
    for network in declared.map(|network| network.name.as_str()) {
        if network == DEFAULT || !is_in(removed, network) {
            continue;
        }
        let members: Vec<&Service> =
            model.services.iter().filter(|other| other.name != service && is_in(other, network)).collect();
        let is_needed = |member: &&Service| {
            !is_wired(&member.name, service)
                || member.networks.len() == 1
                || members.iter().any(|other| {
                    let share = |name: &&str| *name != network && networks_of(other).contains(name);
                    is_wired(&member.name, &other.name) && !networks_of(member).iter().any(share)
                })
        };
        if !members.iter().any(is_needed) {
            found.push((network, members));
        }
    }
    found
}

/// Whether the service is in the default network alone once it has left this one, as without `networks`.
fn is_only_default_without(stack: &Stack, member: &Service, network: &str) -> bool {
    let rest: Vec<_> = member.networks.iter().filter(|membership| membership.network != network).collect();
    let settings = stack.model().root.at(&["services", &member.name, "networks", DEFAULT]);
    matches!(rest.as_slice(), [only] if only.network == DEFAULT) && settings.is_none_or(|node| node.is_null())
}

fn own(path: &[&str]) -> Vec<String> {
    path.iter().map(|step| (*step).to_owned()).collect()
}
