//! Drift: differences between the containers on the host and the revision that should run.

use std::collections::BTreeMap;

use domain::deploy::{ContainerState, Drift, DriftKind};

use crate::agent::engine::containers::Container;

/// `fingerprints`: the hash of each service's definition in the last good revision. `expected`: the number of containers of
/// each service. `stopped`: the services that a command has stopped.
pub fn drift(
    fingerprints: &BTreeMap<String, String>,
    expected: &BTreeMap<String, u32>,
    stopped: &[String],
    containers: &[Container],
) -> Vec<Drift> {
    let mut found = Vec::new();
    for (service, fingerprint) in fingerprints {
        let own: Vec<&Container> =
            containers.iter().filter(|container| container.service == *service).collect();
        let by_command = stopped.contains(service);
        let expected = expected.get(service).copied().unwrap_or(1);
        let expected = usize::try_from(expected).unwrap_or(usize::MAX);
        if own.is_empty() && expected > 0 && !by_command {
            found.push(of(service, DriftKind::Missing, "its container was removed".to_owned(), None));
        } else if let Some(changed) =
            own.iter().find(|container| container.fingerprint.as_ref() != Some(fingerprint))
        {
            let message = format!("its container was recreated outside Stacker, from {}", changed.image);
            found.push(of(service, DriftKind::Changed, message, Some(changed.image.clone())));
        } else if let Some(container) = own.iter().find(|container| is_stopped(container) && !by_command) {
            let word = if container.state == ContainerState::Paused { "paused" } else { "stopped" };
            let code = container.exit_code.map(|code| format!(" (exit code {code})")).unwrap_or_default();
            found.push(of(service, DriftKind::Stopped, format!("its container is {word}{code}"), None));
        } else if own.len() < expected && !by_command {
            let message = format!("{} of its {expected} containers are left", own.len());
            found.push(of(service, DriftKind::Missing, message, None));
        } else if own.len() > expected {
            let message = format!("it has {} containers instead of {expected}", own.len());
            found.push(of(service, DriftKind::Extra, message, None));
        }
    }
    for container in containers.iter().filter(|container| !fingerprints.contains_key(&container.service)) {
        if found.iter().all(|drift| drift.service != container.service) {
            let message =
                format!("the container {} runs in this stack but is not in its file", container.name);
            found.push(of(&container.service, DriftKind::Extra, message, Some(container.image.clone())));
        }
    }
    found
}

fn of(service: &str, kind: DriftKind, message: String, image: Option<String>) -> Drift {
    Drift { service: service.to_owned(), kind, message, image }
}

fn is_stopped(container: &Container) -> bool {
    let at_rest = matches!(
        container.state,
        ContainerState::Exited | ContainerState::Dead | ContainerState::Paused | ContainerState::Created
    );
    at_rest && !container.is_done()
}

#[cfg(test)]
mod tests {
    use domain::deploy::Health;

    use super::*;
    use crate::agent::engine::containers::example::container;

    fn kinds(stopped: &[String], containers: &[Container]) -> Vec<DriftKind> {
        let fingerprints = BTreeMap::from([("web".to_owned(), "f".to_owned())]);
        drift(&fingerprints, &BTreeMap::new(), stopped, containers)
            .into_iter()
            .map(|drift| drift.kind)
            .collect()
    }

    #[test]
    fn each_kind_of_change_by_hand_is_seen() {
        let good = Container {
            fingerprint: Some("f".to_owned()),
            ..container(ContainerState::Running, Health::None)
        };
        assert_eq!(kinds(&[], std::slice::from_ref(&good)), []);
        assert_eq!(kinds(&[], &[]), [DriftKind::Missing]);
        assert_eq!(kinds(&[], &[Container { fingerprint: None, ..good.clone() }]), [DriftKind::Changed]);
        assert_eq!(
            kinds(&[], &[Container { state: ContainerState::Exited, ..good.clone() }]),
            [DriftKind::Stopped]
        );
        assert_eq!(
            kinds(&["web".to_owned()], &[Container { state: ContainerState::Exited, ..good.clone() }]),
            []
        );
        let extra = Container { service: "other".to_owned(), ..good.clone() };
        assert_eq!(kinds(&[], &[good, extra]), [DriftKind::Extra]);
    }
}
