//! Names and host ports that a stack already uses, which a new service must not use again.

use std::collections::BTreeSet;

use crate::compose::Model;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// The first and last port of each used range. Protocol and address are ignored: users expect a port number to
    /// mean one thing.
    ports: Vec<(u16, u16)>,
    /// Volumes that are declared or mounted; their data belongs to other services.
    volumes: BTreeSet<String>,
}

impl Taken {
    pub fn of(model: &Model) -> Self {
        let mappings = || model.services.iter().flat_map(|service| &service.ports);
        let mounted = model.services.iter().flat_map(|service| &service.volumes);
        Self {
            ports: mappings().filter_map(|port| port.mapping.as_ref()?.published).collect(),
            volumes: model
                .volumes
                .iter()
                .map(|volume| volume.name.clone())
                .chain(mounted.filter_map(|mount| mount.source.clone()))
                .collect(),
        }
    }

    /// The wanted port, or the next free one that users expect: 80 becomes 8080, then 8081.
    pub fn free_port(&self, wanted: u16) -> u16 {
        if self.is_free(wanted) {
            return wanted;
        }
        let start = if wanted < 1024 { wanted + 8000 } else { wanted.saturating_add(1) };
        (start..=u16::MAX).chain(1024..start).find(|port| self.is_free(*port)).unwrap_or(wanted)
    }

    /// The wanted name, with the first number that makes it unique if it is taken.
    pub fn free_volume(&self, wanted: &str) -> String {
        if !self.volumes.contains(wanted) {
            return wanted.to_owned();
        }
        (2..u32::MAX)
            .map(|number| format!("{wanted}-{number}"))
            .find(|name| !self.volumes.contains(name))
            .unwrap_or_else(|| wanted.to_owned())
    }

    pub(super) fn take_port(&mut self, port: u16) {
        self.ports.push((port, port));
    }

    fn is_free(&self, port: u16) -> bool {
        !self.ports.iter().any(|(first, last)| (*first..=*last).contains(&port))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(ports: &[(u16, u16)]) -> Taken {
        Taken { ports: ports.to_vec(), volumes: BTreeSet::from(["web-data".to_owned()]) }
    }

    #[test]
    fn a_free_port_is_kept_and_a_taken_one_moves_on() {
        assert_eq!(taken(&[]).free_port(3000), 3000);
        assert_eq!(taken(&[(3000, 3005)]).free_port(3000), 3006);
        assert_eq!(taken(&[(80, 80)]).free_port(80), 8080);
        assert_eq!(taken(&[(80, 80), (8080, 8080)]).free_port(80), 8081);
        assert_eq!(taken(&[(65535, 65535)]).free_port(65535), 1024);
    }

    #[test]
    fn a_volume_that_holds_data_is_never_given_to_a_new_service() {
        assert_eq!(taken(&[]).free_volume("web-data"), "web-data-2");
        assert_eq!(taken(&[]).free_volume("api-data"), "api-data");
    }
}
