//! Computes the plan: what a deployment would change on this host. Nothing is changed here.

use std::{collections::BTreeMap, net::IpAddr};

use super::{
    Blocker, Effective, Plan, PlannedPort, PlannedVolume, ServiceAction, ServicePlan, StackName,
    VolumeAction,
    compute_reasons::changes,
    inventory::{FoundContainer, Inventory, TakenPort},
};
use crate::compose::{ImageReference, MountKind, Service};

/// The maximum number of ports that a plan lists.
const MOST_PORTS: usize = 2_000;

pub struct Desired<'a> {
    pub stack: &'a StackName,
    pub effective: &'a Effective,
    /// The hash of each service's definition.
    pub fingerprints: &'a BTreeMap<String, String>,
    pub pull: Pull,
}

/// Which images are pulled. `pull_policy` of a service takes precedence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pull {
    /// Images that are missing on the host, and images whose name may refer to another image by now because they have
    /// no tag or the tag `latest`.
    #[default]
    Unpinned,
    Missing,
    All,
}

/// `refused` is what the policy of the host forbids.
pub fn compute(desired: &Desired<'_>, inventory: &Inventory, refused: Vec<Blocker>) -> Plan {
    Plan {
        services: services(desired, inventory),
        ports: ports(desired.effective, inventory),
        volumes: volumes(desired, inventory),
        pulls: pulls(desired, inventory),
        refused,
        warnings: warnings(desired.effective),
    }
}

fn warnings(effective: &Effective) -> Vec<String> {
    let unset = effective.unset_variables();
    unset.map(|name| format!("the variable `{name}` has no value and is empty; a line `{name}=…` in the file `.env` of the stack's folder on the host sets it")).collect()
}

fn services(desired: &Desired<'_>, inventory: &Inventory) -> Vec<ServicePlan> {
    let wanted = desired.effective.active_services().map(|service| of_service(desired, inventory, service));
    let mut plans: Vec<ServicePlan> = wanted.collect();
    let mut left: Vec<&FoundContainer> = inventory
        .containers
        .iter()
        .filter(|container| plans.iter().all(|plan| plan.service != container.service))
        .collect();
    left.sort_by(|a, b| a.service.cmp(&b.service));
    left.dedup_by(|a, b| a.service == b.service);
    plans.extend(left.into_iter().map(|container| ServicePlan {
        service: container.service.clone(),
        action: ServiceAction::Remove,
        reasons: vec!["it isn't in the file any more".to_owned()],
        image: Some(container.image.clone()),
    }));
    plans
}

fn of_service(desired: &Desired<'_>, inventory: &Inventory, service: &Service) -> ServicePlan {
    let image = service.image.as_ref().map(|image| super::literal(&image.value.text));
    let found: Vec<&FoundContainer> =
        inventory.containers.iter().filter(|container| container.service == service.name).collect();
    let fingerprint = desired.fingerprints.get(&service.name);
    let wanted = usize::try_from(desired.effective.replicas(&service.name)).unwrap_or(usize::MAX);
    let (action, reasons) = match found.as_slice() {
        [] if wanted == 0 => (ServiceAction::Unchanged, Vec::new()),
        [] => (ServiceAction::Create, vec!["it has no container yet".to_owned()]),
        _ if wanted == 0 => (ServiceAction::Remove, vec!["the file asks for no container of it".to_owned()]),
        found => {
            let mut reasons =
                recreated_because(desired, inventory, service, found, fingerprint, image.as_deref());
            if found.len() != wanted {
                reasons
                    .push(format!("the number of its containers changes from {} to {wanted}", found.len()));
            }
            if !reasons.is_empty() {
                (ServiceAction::Recreate, reasons)
            } else if found.iter().all(|container| container.running) {
                (ServiceAction::Unchanged, Vec::new())
            } else {
                (ServiceAction::Unchanged, vec!["it is stopped and will be started".to_owned()])
            }
        }
    };
    ServicePlan { service: service.name.clone(), action, reasons, image }
}

fn recreated_because(
    desired: &Desired<'_>,
    inventory: &Inventory,
    service: &Service,
    found: &[&FoundContainer],
    fingerprint: Option<&String>,
    image: Option<&str>,
) -> Vec<String> {
    if found.iter().any(|container| container.fingerprint.as_ref() != fingerprint) {
        let before = inventory.previous.as_ref().and_then(|previous| previous.get("services"));
        let before = before.and_then(|services| services.get(&service.name));
        let after =
            desired.effective.document().get("services").and_then(|services| services.get(&service.name));
        let reasons = match (before, after) {
            (Some(before), Some(after)) => changes(before, after),
            _ => Vec::new(),
        };
        if !reasons.is_empty() {
            return reasons;
        }
        let foreign = found.iter().any(|container| container.fingerprint.is_none());
        let reason =
            if foreign { "its container was not made by this agent" } else { "its definition changes" };
        return vec![reason.to_owned()];
    }
    let on_host = image.and_then(|image| inventory.images.get(image));
    match on_host {
        Some(id) if found.iter().any(|container| container.image_id != *id) => {
            vec!["the image of that name has changed".to_owned()]
        }
        _ => Vec::new(),
    }
}

fn ports(effective: &Effective, inventory: &Inventory) -> Vec<PlannedPort> {
    let mut planned = Vec::new();
    for service in effective.active_services() {
        for mapping in service.ports.iter().filter_map(|port| port.mapping.as_ref()) {
            let Some((first, last)) = mapping.published else { continue };
            // For a range with only one container port, the engine chooses a free host port.
            let chosen = first != last && mapping.target.0 == mapping.target.1;
            for port in (first..=last).take_while(|port| !chosen || *port == first) {
                if planned.len() >= MOST_PORTS {
                    return planned;
                }
                let host_ip = mapping.host_ip.clone().filter(|ip| !ip.is_empty());
                let protocol = mapping.protocol.as_str();
                let taken_by = inventory
                    .taken_ports
                    .iter()
                    .find(|taken| !chosen && collides(taken, host_ip.as_deref(), port, protocol))
                    .map(|taken| taken.by.clone());
                planned.push(PlannedPort {
                    service: service.name.clone(),
                    host_ip,
                    port,
                    protocol: protocol.to_owned(),
                    taken_by,
                });
            }
        }
    }
    planned
}

fn collides(taken: &TakenPort, address: Option<&str>, port: u16, protocol: &str) -> bool {
    let parse = |address: Option<&str>| address.and_then(|address| address.parse::<IpAddr>().ok());
    let shared = match (parse(taken.address.as_deref()), parse(address)) {
        (Some(a), Some(b)) => {
            a == b || a.is_ipv4() == b.is_ipv4() && (a.is_unspecified() || b.is_unspecified())
        }
        _ => true,
    };
    taken.port == port && taken.protocol == protocol && shared
}

fn volumes(desired: &Desired<'_>, inventory: &Inventory) -> Vec<PlannedVolume> {
    let model = desired.effective.model();
    let mut planned: Vec<PlannedVolume> = Vec::new();
    for volume in &model.volumes {
        let name = match &volume.external_name {
            Some(name) => super::literal(name),
            None if volume.external => volume.name.clone(),
            None => format!("{}_{}", desired.stack, volume.name),
        };
        let uses = |service: &&Service| {
            service.volumes.iter().any(|mount| mount.volume_name().as_deref() == Some(volume.name.as_str()))
        };
        let services: Vec<String> =
            desired.effective.active_services().filter(uses).map(|service| service.name.clone()).collect();
        if services.is_empty() {
            continue;
        }
        let action =
            if inventory.volumes.contains(&name) { VolumeAction::Keep } else { VolumeAction::Create };
        planned.push(PlannedVolume { name, action, services });
    }
    let mut unused: Vec<&String> = inventory
        .stack_volumes
        .iter()
        .filter(|name| planned.iter().all(|planned| planned.name != **name))
        .collect();
    unused.sort();
    planned.extend(unused.into_iter().map(|name| PlannedVolume {
        name: name.clone(),
        action: VolumeAction::Unused,
        services: Vec::new(),
    }));
    planned
}

/// The images to pull, in the order of the file: missing ones, and those that may have changed by now.
fn pulls(desired: &Desired<'_>, inventory: &Inventory) -> Vec<String> {
    let mut pulls = Vec::new();
    for service in desired.effective.active_services() {
        let policy = desired.effective.pull_policy(&service.name);
        let mounted = service.volumes.iter().filter(|mount| mount.kind == MountKind::Image);
        let mounted = mounted.filter_map(|mount| mount.source.as_deref());
        let own = service.image.as_ref().map(|image| image.value.text.as_str());
        for image in own.into_iter().chain(mounted).map(super::literal) {
            let is_there = inventory.images.contains_key(&image);
            let wanted = match (policy.as_str(), desired.pull) {
                ("never" | "build", _) => false,
                (_, Pull::All) | ("always", _) => true,
                (_, Pull::Missing) | ("missing" | "if_not_present", _) => !is_there,
                _ => !is_there || !ImageReference::read(&image).is_pinned(),
            };
            if wanted && !pulls.contains(&image) {
                pulls.push(image);
            }
        }
    }
    pulls
}
