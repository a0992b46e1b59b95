//! Decides whether the services are healthy: by their health checks or, without one, by running for a while without a restart.

use std::{collections::BTreeMap, time::Duration};

use domain::deploy::{ContainerState, Health};
use tokio::time::Instant;

use crate::agent::engine::containers::Container;

/// How long a container without a health check must run to count as healthy.
pub const STEADY: Duration = Duration::from_secs(10);

#[derive(Debug, PartialEq, Eq)]
pub enum Verdict {
    Healthy,
    /// The reason, for users.
    Waiting(String),
    /// The service will not become healthy.
    Hopeless(String),
}

/// Compares each observation of the containers with earlier ones.
pub struct Gate {
    /// The expected number of containers of each service.
    services: BTreeMap<String, u32>,
    /// For each container: since when it has been running, and the number of restarts at that time.
    steady: BTreeMap<String, (Instant, i64)>,
    restarts: BTreeMap<String, i64>,
}

/// A container that restarts this often while it is watched will not become healthy.
const MOST_RESTARTS: i64 = 3;

impl Gate {
    pub fn new(services: BTreeMap<String, u32>) -> Self {
        Self { services, steady: BTreeMap::new(), restarts: BTreeMap::new() }
    }

    pub fn look(&mut self, containers: &[Container], now: Instant) -> Verdict {
        let mut waiting = Vec::new();
        for (service, expected) in self.services.clone().into_iter().filter(|(_, count)| *count > 0) {
            let own: Vec<&Container> =
                containers.iter().filter(|container| container.service == service).collect();
            match own.len() {
                0 => waiting.push(format!("{service} has no container")),
                some if some < usize::try_from(expected).unwrap_or(usize::MAX) => {
                    waiting.push(format!("{service} has {some} of {expected} containers"));
                }
                _ => {}
            }
            for container in own {
                match self.one(container, now) {
                    Verdict::Healthy => {}
                    Verdict::Waiting(reason) => waiting.push(reason),
                    hopeless @ Verdict::Hopeless(_) => return hopeless,
                }
            }
        }
        if waiting.is_empty() { Verdict::Healthy } else { Verdict::Waiting(waiting.join(", ")) }
    }

    fn one(&mut self, container: &Container, now: Instant) -> Verdict {
        let service = &container.service;
        let first = *self.restarts.entry(container.id.clone()).or_insert(container.restarts);
        if container.restarts - first >= MOST_RESTARTS {
            return Verdict::Hopeless(format!("{service} keeps restarting{}", exit(container)));
        }
        match container.state {
            ContainerState::Running => {}
            _ if container.is_done() => return Verdict::Healthy,
            ContainerState::Exited | ContainerState::Dead
                if matches!(container.restart_policy.as_str(), "" | "no") =>
            {
                return Verdict::Hopeless(format!("{service} ended{}", exit(container)));
            }
            _ => {
                self.steady.remove(&container.id);
                return Verdict::Waiting(format!("{service} is {}", word(container.state)));
            }
        }
        match container.health {
            Health::Healthy => Verdict::Healthy,
            Health::Starting => Verdict::Waiting(format!("{service} is starting")),
            Health::Unhealthy => Verdict::Waiting(format!("{service} is unhealthy")),
            Health::None => {
                let since = self.steady.entry(container.id.clone()).or_insert((now, container.restarts));
                if since.1 != container.restarts {
                    *since = (now, container.restarts);
                }
                let runs = now.duration_since(since.0);
                if runs >= STEADY {
                    Verdict::Healthy
                } else {
                    Verdict::Waiting(format!(
                        "{service} has been running for {} s of {}",
                        runs.as_secs(),
                        STEADY.as_secs()
                    ))
                }
            }
        }
    }
}

fn exit(container: &Container) -> String {
    container.exit_code.map(|code| format!(" with exit code {code}")).unwrap_or_default()
}

fn word(state: ContainerState) -> &'static str {
    match state {
        ContainerState::Created => "created, not started",
        ContainerState::Running => "running",
        ContainerState::Restarting => "restarting",
        ContainerState::Paused => "paused",
        ContainerState::Exited => "stopped",
        ContainerState::Dead => "dead",
        ContainerState::Missing => "missing",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::engine::containers::example::container;

    fn gate() -> Gate {
        Gate::new(BTreeMap::from([("web".to_owned(), 1)]))
    }

    #[tokio::test]
    async fn a_health_check_decides_where_there_is_one() {
        let now = Instant::now();
        assert_eq!(
            gate().look(&[container(ContainerState::Running, Health::Healthy)], now),
            Verdict::Healthy
        );
        for health in [Health::Starting, Health::Unhealthy] {
            assert!(matches!(
                gate().look(&[container(ContainerState::Running, health)], now),
                Verdict::Waiting(_)
            ));
        }
        assert!(matches!(gate().look(&[], now), Verdict::Waiting(_)));
    }

    #[tokio::test]
    async fn as_many_containers_are_waited_for_as_there_are_to_be() {
        let look = |count: u32, containers: &[Container]| {
            Gate::new(BTreeMap::from([("web".to_owned(), count)])).look(containers, Instant::now())
        };
        assert_eq!(look(0, &[]), Verdict::Healthy);
        let one = container(ContainerState::Running, Health::Healthy);
        assert_eq!(
            look(2, std::slice::from_ref(&one)),
            Verdict::Waiting("web has 1 of 2 containers".to_owned())
        );
        assert_eq!(look(2, &[one.clone(), one]), Verdict::Healthy);
    }

    #[tokio::test]
    async fn without_one_it_has_to_run_for_a_while_without_a_restart() {
        let start = Instant::now();
        let mut gate = gate();
        let running = container(ContainerState::Running, Health::None);
        assert!(matches!(gate.look(std::slice::from_ref(&running), start), Verdict::Waiting(_)));
        let restarted = Container { restarts: 1, ..running.clone() };
        assert!(matches!(gate.look(std::slice::from_ref(&restarted), start + STEADY), Verdict::Waiting(_)));
        assert_eq!(gate.look(&[restarted], start + STEADY * 2), Verdict::Healthy);
        let often = Container { restarts: 3, ..running };
        assert!(matches!(gate.look(&[often], start + STEADY * 3), Verdict::Hopeless(_)));
    }

    #[tokio::test]
    async fn a_job_that_is_done_is_well_and_one_that_failed_is_not() {
        let ended = |code| Container {
            exit_code: Some(code),
            restart_policy: String::new(),
            ..container(ContainerState::Exited, Health::None)
        };
        assert_eq!(gate().look(&[ended(0)], Instant::now()), Verdict::Healthy);
        assert_eq!(
            gate().look(&[ended(3)], Instant::now()),
            Verdict::Hopeless("web ended with exit code 3".to_owned())
        );
    }
}
