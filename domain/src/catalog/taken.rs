//! Names and host ports that a stack already uses, which a new service must not use again.

use std::collections::BTreeSet;

use crate::{compose::Model, stack::is_value_name};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// The first and last port of each used range. Protocol and address are ignored: users expect a port number to
    /// mean one thing.
    ports: Vec<(u16, u16)>,
    /// Volumes that are declared or mounted; their data belongs to other services.
    volumes: BTreeSet<String>,
    /// Variables that the file reads, and those that have a value.
    variables: BTreeSet<String>,
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
            variables: model.variable_names(),
        }
    }

    /// These variables are in use too.
    pub fn with_variables<'n>(mut self, names: impl IntoIterator<Item = &'n str>) -> Self {
        self.variables.extend(names.into_iter().map(str::to_owned));
        self
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

    /// A name for the value of a service's variable, which is taken from now on: the name of the variable, otherwise with the
    /// name of the service before it and a number behind it.
    pub(crate) fn take_variable(&mut self, service: &str, key: &str) -> String {
        let plain = named(key);
        let long = named(&format!("{service}_{plain}").to_ascii_uppercase());
        // Compose and the engine read variables that begin like this themselves.
        let is_free = |name: &String| {
            !self.variables.contains(name)
                && !["COMPOSE_", "DOCKER_"].iter().any(|reserved| name.starts_with(reserved))
        };
        let numbered = (2..u32::MAX).map(|number| format!("VALUE_{long}_{number}"));
        let all = [plain, long.clone(), format!("VALUE_{long}")].into_iter().chain(numbered);
        let name = all.into_iter().find(is_free).unwrap_or(long);
        self.variables.insert(name.clone());
        name
    }

    pub(super) fn take_port(&mut self, port: u16) {
        self.ports.push((port, port));
    }

    fn is_free(&self, port: u16) -> bool {
        !self.ports.iter().any(|(first, last)| (*first..=*last).contains(&port))
    }
}

/// The text as the name of a variable: what compose does not accept becomes `_`.
fn named(text: &str) -> String {
    if is_value_name(text) {
        return text.to_owned();
    }
    let mut name: String =
        text.chars().take(80).map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    if !is_value_name(&name) {
        name.insert(0, '_');
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(ports: &[(u16, u16)]) -> Taken {
        Taken { ports: ports.to_vec(), volumes: BTreeSet::from(["web-data".to_owned()]), ..Taken::default() }
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
    fn a_value_is_named_like_its_variable_and_never_like_another() {
        let mut taken = Taken::default().with_variables(["DB_PASSWORD"]);
        assert_eq!(taken.take_variable("db", "POSTGRES_PASSWORD"), "POSTGRES_PASSWORD");
        assert_eq!(taken.take_variable("my-db", "POSTGRES_PASSWORD"), "MY_DB_POSTGRES_PASSWORD");
        assert_eq!(taken.take_variable("my.db", "POSTGRES_PASSWORD"), "VALUE_MY_DB_POSTGRES_PASSWORD");
        assert_eq!(taken.take_variable("my_db", "POSTGRES_PASSWORD"), "VALUE_MY_DB_POSTGRES_PASSWORD_2");
        assert_eq!(taken.take_variable("web", "DB_PASSWORD"), "WEB_DB_PASSWORD");
        assert_eq!(taken.take_variable("web", "COMPOSE_TOKEN"), "WEB_COMPOSE_TOKEN");
        assert_eq!(taken.take_variable("web", "db.password"), "db_password");
        assert_eq!(taken.take_variable("1", "2"), "_2");
        for name in taken.variables {
            assert!(is_value_name(&name), "{name}");
        }
    }

    #[test]
    fn a_volume_that_holds_data_is_never_given_to_a_new_service() {
        assert_eq!(taken(&[]).free_volume("web-data"), "web-data-2");
        assert_eq!(taken(&[]).free_volume("api-data"), "api-data");
    }
}
