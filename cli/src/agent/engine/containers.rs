//! The containers of a stack, read from the engine.

use std::collections::{BTreeMap, HashMap};

use bollard::{
    models::{ContainerInspectResponse, HealthStatusEnum},
    query_parameters::ListContainersOptions,
};
use chrono::{DateTime, Utc};
use domain::deploy::{ContainerState, Health, ServiceState};

use super::Engine;
use crate::agent::failure::Failure;

pub const PROJECT: &str = "com.docker.compose.project";
pub const SERVICE: &str = "com.docker.compose.service";
/// Label of containers that `compose run` leaves behind.
const ONE_OFF: &str = "com.docker.compose.oneoff";
/// Our own label: the hash of the definition that the container was created from.
pub const FINGERPRINT: &str = "dev.stacker.definition";

/// What the agent needs to know about one container.
#[derive(Clone, Debug)]
pub struct Container {
    pub id: String,
    pub name: String,
    pub service: String,
    pub fingerprint: Option<String>,
    pub image: String,
    pub image_id: String,
    pub state: ContainerState,
    pub health: Health,
    pub exit_code: Option<i64>,
    pub restarts: i64,
    pub restart_policy: String,
    pub since: Option<DateTime<Utc>>,
    pub ports: Vec<String>,
    /// The interval of the container's health check in nanoseconds, if it has one.
    pub check_interval: Option<i64>,
    /// Created by hand with `compose run`.
    pub one_off: bool,
}

impl Engine {
    /// The containers of a stack's services, including stopped ones, sorted by service and name.
    pub async fn containers(&self, stack: &str) -> Result<Vec<Container>, Failure> {
        let mut containers = self.containers_of_any_kind(stack).await?;
        containers.retain(|container| !container.one_off);
        Ok(containers)
    }

    /// One state for each service that has, or should have, a container. Empty when the engine does not answer.
    pub async fn states(&self, stack: &str, expected: &BTreeMap<String, u32>) -> Vec<ServiceState> {
        let containers = self.containers(stack).await.unwrap_or_default();
        service_states(expected, &containers)
    }

    /// Like [`Engine::containers`], including the containers of `compose run`.
    pub async fn containers_of_any_kind(&self, stack: &str) -> Result<Vec<Container>, Failure> {
        let filters = HashMap::from([("label".to_owned(), vec![format!("{PROJECT}={stack}")])]);
        let options =
            ListContainersOptions { all: true, filters: Some(filters), ..ListContainersOptions::default() };
        let mut containers = Vec::new();
        for summary in self.list(options).await? {
            let Some(id) = summary.id else { continue };
            match self.inspect(&id).await {
                Ok(inspected) => containers.extend(read(inspected)),
                // Removed between the two calls.
                Err(bollard::errors::Error::DockerResponseServerError { status_code: 404, .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        containers.retain(|container| !container.service.is_empty());
        containers.sort_by(|a, b| (&a.service, &a.name).cmp(&(&b.service, &b.name)));
        Ok(containers)
    }
}

fn read(inspected: ContainerInspectResponse) -> Option<Container> {
    let config = inspected.config.unwrap_or_default();
    let labels = config.labels.unwrap_or_default();
    let state = inspected.state.unwrap_or_default();
    let host = inspected.host_config.unwrap_or_default();
    let checked = config.healthcheck.filter(|check| {
        check.test.as_ref().is_some_and(|test| test.first().is_some_and(|word| word != "NONE"))
    });
    let health = match state.health.and_then(|health| health.status) {
        _ if checked.is_none() => Health::None,
        Some(HealthStatusEnum::HEALTHY) => Health::Healthy,
        Some(HealthStatusEnum::UNHEALTHY) => Health::Unhealthy,
        _ => Health::Starting,
    };
    let word = state.status.map(|status| status.to_string()).unwrap_or_default();
    let container_state = match word.as_str() {
        "running" | "stopping" => ContainerState::Running,
        "restarting" => ContainerState::Restarting,
        "paused" => ContainerState::Paused,
        "exited" | "removing" => ContainerState::Exited,
        "dead" => ContainerState::Dead,
        _ => ContainerState::Created,
    };
    let ended = matches!(container_state, ContainerState::Exited | ContainerState::Dead);
    let since = if ended { state.finished_at } else { state.started_at };
    Some(Container {
        id: inspected.id?,
        name: inspected.name.unwrap_or_default().trim_start_matches('/').to_owned(),
        service: labels.get(SERVICE).cloned().unwrap_or_default(),
        fingerprint: labels.get(FINGERPRINT).cloned(),
        image: config.image.unwrap_or_default(),
        image_id: inspected.image.unwrap_or_default(),
        state: container_state,
        health,
        exit_code: state.exit_code.filter(|_| ended),
        restarts: inspected.restart_count.unwrap_or(0),
        restart_policy: host
            .restart_policy
            .and_then(|policy| policy.name)
            .map(|name| name.to_string())
            .unwrap_or_default(),
        since: since.and_then(|text| time(&text)),
        ports: ports(inspected.network_settings.and_then(|settings| settings.ports).unwrap_or_default()),
        one_off: labels.get(ONE_OFF).is_some_and(|text| text.eq_ignore_ascii_case("true")),
        check_interval: checked
            .map(|check| check.interval.filter(|interval| *interval > 0).unwrap_or(30_000_000_000)),
    })
}

/// Engines use the year 1 for "never".
fn time(text: &str) -> Option<DateTime<Utc>> {
    let time = DateTime::parse_from_rfc3339(text).ok()?.with_timezone(&Utc);
    (time.timestamp() > 0).then_some(time)
}

/// Formats a published port: `127.0.0.1:8080:80/tcp`.
fn ports(map: HashMap<String, Option<Vec<bollard::models::PortBinding>>>) -> Vec<String> {
    let mut ports: Vec<String> = map
        .into_iter()
        .flat_map(|(target, bindings)| {
            bindings.unwrap_or_default().into_iter().filter_map(move |binding| {
                let port = binding.host_port.filter(|port| !port.is_empty())?;
                let ip = binding.host_ip.filter(|ip| !ip.is_empty()).unwrap_or_else(|| "0.0.0.0".to_owned());
                let ip = if ip.contains(':') { format!("[{ip}]") } else { ip };
                Some(format!("{ip}:{port}:{target}"))
            })
        })
        .collect();
    ports.sort();
    ports
}

impl Container {
    pub fn state(&self) -> ServiceState {
        ServiceState {
            service: self.service.clone(),
            state: self.state,
            health: self.health,
            container: Some(self.name.clone()),
            image: Some(self.image.clone()),
            ports: self.ports.clone(),
            exit_code: self.exit_code,
            since: self.since,
        }
    }

    /// Whether the container was a job that ended successfully and is not meant to be restarted.
    pub fn is_done(&self) -> bool {
        self.state == ContainerState::Exited
            && self.exit_code == Some(0)
            && matches!(self.restart_policy.as_str(), "" | "no" | "on-failure")
    }
}

/// One state per service: the worst of its containers.
pub fn service_states(expected: &BTreeMap<String, u32>, containers: &[Container]) -> Vec<ServiceState> {
    let mut states = Vec::new();
    for (service, count) in expected {
        let worst = containers
            .iter()
            .filter(|container| container.service == *service)
            .min_by_key(|container| wellness(container));
        match worst {
            Some(container) => states.push(container.state()),
            None if *count > 0 => states.push(missing(service)),
            None => {}
        }
    }
    states
}

fn wellness(container: &Container) -> u8 {
    match (container.state, container.health) {
        (ContainerState::Dead | ContainerState::Missing, _) => 0,
        (ContainerState::Restarting, _) => 1,
        (ContainerState::Exited, _) => 2,
        (ContainerState::Created | ContainerState::Paused, _) => 3,
        (ContainerState::Running, Health::Unhealthy) => 4,
        (ContainerState::Running, Health::Starting) => 5,
        (ContainerState::Running, Health::Healthy | Health::None) => 6,
    }
}

fn missing(service: &str) -> ServiceState {
    ServiceState {
        service: service.to_owned(),
        state: ContainerState::Missing,
        health: Health::None,
        container: None,
        image: None,
        ports: Vec::new(),
        exit_code: None,
        since: None,
    }
}

/// Creates a container for tests.
#[cfg(test)]
pub mod example {
    use super::*;

    pub fn container(state: ContainerState, health: Health) -> Container {
        Container {
            id: "1".to_owned(),
            name: "shop-web-1".to_owned(),
            service: "web".to_owned(),
            fingerprint: None,
            image: "a:1".to_owned(),
            image_id: "x".to_owned(),
            state,
            health,
            exit_code: None,
            restarts: 0,
            restart_policy: "always".to_owned(),
            since: None,
            ports: Vec::new(),
            check_interval: None,
            one_off: false,
        }
    }
}
