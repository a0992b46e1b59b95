//! Whether the server can work. The public check asks only the database; what operators see also tells how the message broker is.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use domain::{
    access::{Action, Caller, Resource, may},
    problem::{Problem, ProblemKind, UseCaseError},
};
use serde::Serialize;

use crate::{
    connectors::broker::{BrokerState, Consumer, ConsumerCounts},
    db,
    services::core::Core,
};

const TIMEOUT: Duration = Duration::from_secs(2);
/// An answer that takes longer than this counts as degraded.
const SLOW: Duration = Duration::from_secs(1);
const DATABASE: &str = "database";
const BROKER: &str = "rabbitmq";

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum HealthStatus {
    Healthy,
    /// It works, but slowly; it can still serve requests.
    Degraded,
    Unhealthy,
}

/// The public report, which needs no credentials.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HealthReport {
    pub status: HealthStatus,
    pub version: &'static str,
}

/// The health of one component, for operators.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ComponentHealth {
    pub status: HealthStatus,
    pub message: Option<String>,
    pub response_time_ms: u64,
    pub last_checked: DateTime<Utc>,
    pub details: HealthDetails,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum HealthDetails {
    Database(PoolUse),
    Broker(BrokerUse),
}

/// The message broker as this server sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BrokerUse {
    /// `never-tried`, `connected` or `down`.
    pub publisher: &'static str,
    pub consumer: &'static str,
    /// How many progress messages wait in the queue; `None` while not connected.
    pub lag: Option<u32>,
    #[serde(flatten)]
    pub counts: ConsumerCounts,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct PoolUse {
    pub pool_size: u32,
    pub idle_connections: u32,
    pub active_connections: u32,
}

/// Counted since the start of this server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ComponentMetrics {
    pub total_checks: u64,
    pub healthy_count: u64,
    pub degraded_count: u64,
    pub unhealthy_count: u64,
    /// With two decimals, as legacy clients expect.
    pub uptime_percentage: String,
    pub avg_response_time_ms: u64,
    pub min_response_time_ms: u64,
    pub max_response_time_ms: u64,
    /// Of the message broker.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub broker: Option<BrokerUse>,
}

#[derive(Debug, thiserror::Error)]
pub enum HealthError {
    #[error("only operators of the server may see details")]
    Forbidden,
}

impl UseCaseError for HealthError {
    fn problem(&self) -> Problem {
        match self {
            Self::Forbidden => Problem::new(ProblemKind::Forbidden, "forbidden", self),
        }
    }
}

#[derive(Clone, Debug)]
pub struct Health {
    core: Arc<Core>,
    /// `None`: this program consumes no messages.
    consumer: Option<Arc<Consumer>>,
    /// The results of this server's checks so far.
    records: Records,
}

impl Health {
    pub(super) fn new(core: Arc<Core>, consumer: Option<Arc<Consumer>>) -> Self {
        Self { core, consumer, records: Records::default() }
    }

    pub async fn check(&self) -> HealthReport {
        HealthReport { status: self.check_database().await.status, version: env!("CARGO_PKG_VERSION") }
    }

    /// The health of each component.
    pub async fn details(
        &self,
        caller: &Caller,
    ) -> Result<BTreeMap<&'static str, ComponentHealth>, HealthError> {
        allow_operator(caller)?;
        let mut components = BTreeMap::from([(DATABASE, self.check_database().await)]);
        components.extend(self.check_broker().await.map(|health| (BROKER, health)));
        Ok(components)
    }

    /// The metrics of each component, from the checks made so far.
    pub async fn metrics(
        &self,
        caller: &Caller,
    ) -> Result<BTreeMap<&'static str, ComponentMetrics>, HealthError> {
        allow_operator(caller)?;
        let mut metrics = self.records.summary();
        if let Some(broker) = self.broker_use().await {
            metrics.entry(BROKER).or_default().broker = Some(broker);
        }
        Ok(metrics)
    }

    /// `None`: no broker is configured. Nothing is asked of it but the length of the queue.
    async fn check_broker(&self) -> Option<ComponentHealth> {
        let broker = self.core.install.broker()?;
        let started = Instant::now();
        let details = self.broker_use().await?;
        let took = started.elapsed();
        let publisher = broker.state().borrow().clone();
        let consumer = self.consumer.as_ref().map(|consumer| consumer.state().borrow().clone());
        let reason = [Some(publisher), consumer].into_iter().flatten().find_map(|state| {
            state.reason().map(|reason| format!("the message broker cannot be used: {reason}"))
        });
        // Without the broker, everything but deployments to clouds works.
        let status = if reason.is_some() { HealthStatus::Degraded } else { HealthStatus::Healthy };
        self.records.add(BROKER, status, took);
        Some(ComponentHealth {
            status,
            message: reason,
            response_time_ms: millis(took),
            last_checked: self.core.context.clock.now(),
            details: HealthDetails::Broker(details),
        })
    }

    async fn broker_use(&self) -> Option<BrokerUse> {
        let broker = self.core.install.broker()?;
        let publisher = word(&broker.state().borrow());
        let Some(consumer) = &self.consumer else {
            let counts = ConsumerCounts::default();
            return Some(BrokerUse { publisher, consumer: "never-tried", lag: None, counts });
        };
        let state = word(&consumer.state().borrow());
        let lag = tokio::time::timeout(TIMEOUT, consumer.lag()).await.ok().flatten();
        Some(BrokerUse { publisher, consumer: state, lag, counts: consumer.metrics().counts() })
    }

    async fn check_database(&self) -> ComponentHealth {
        let started = Instant::now();
        let answer = tokio::time::timeout(TIMEOUT, db::ping(&self.core.pool)).await;
        let took = started.elapsed();
        let (status, message) = match answer {
            Ok(Ok(())) if took < SLOW => (HealthStatus::Healthy, None),
            Ok(Ok(())) => (HealthStatus::Degraded, Some("the database answers slowly".to_owned())),
            Ok(Err(error)) => {
                tracing::warn!(error = format!("{error:#}"), "the database does not answer");
                (HealthStatus::Unhealthy, Some("the database does not answer".to_owned()))
            }
            Err(_) => (
                HealthStatus::Unhealthy,
                Some(format!("the database did not answer within {} s", TIMEOUT.as_secs())),
            ),
        };
        self.records.add(DATABASE, status, took);
        let idle = u32::try_from(self.core.pool.num_idle()).unwrap_or(u32::MAX);
        let size = u32::try_from(self.core.pool.size()).unwrap_or(u32::MAX);
        ComponentHealth {
            status,
            message,
            response_time_ms: millis(took),
            last_checked: self.core.context.clock.now(),
            details: HealthDetails::Database(PoolUse {
                pool_size: size,
                idle_connections: idle,
                active_connections: size.saturating_sub(idle),
            }),
        }
    }
}

fn word(state: &BrokerState) -> &'static str {
    match state {
        BrokerState::NeverTried => "never-tried",
        BrokerState::Connected { .. } => "connected",
        BrokerState::Down { .. } => "down",
    }
}

fn allow_operator(caller: &Caller) -> Result<(), HealthError> {
    if may(caller, Resource::Operations, Action::Read) { Ok(()) } else { Err(HealthError::Forbidden) }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// What the checks found, shared by all clones of the services.
#[derive(Clone, Debug, Default)]
pub(super) struct Records {
    by_component: Arc<Mutex<BTreeMap<&'static str, Record>>>,
}

#[derive(Clone, Debug, Default)]
struct Record {
    healthy: u64,
    degraded: u64,
    unhealthy: u64,
    total: Duration,
    shortest: Option<Duration>,
    longest: Duration,
}

impl Records {
    fn add(&self, component: &'static str, status: HealthStatus, took: Duration) {
        let mut records = self.by_component.lock().unwrap_or_else(PoisonError::into_inner);
        let record = records.entry(component).or_default();
        match status {
            HealthStatus::Healthy => record.healthy += 1,
            HealthStatus::Degraded => record.degraded += 1,
            HealthStatus::Unhealthy => record.unhealthy += 1,
        }
        record.total += took;
        record.shortest = Some(record.shortest.map_or(took, |shortest| shortest.min(took)));
        record.longest = record.longest.max(took);
    }

    fn summary(&self) -> BTreeMap<&'static str, ComponentMetrics> {
        let records = self.by_component.lock().unwrap_or_else(PoisonError::into_inner);
        records.iter().map(|(component, record)| (*component, record.summary())).collect()
    }
}

impl Record {
    fn summary(&self) -> ComponentMetrics {
        let total = self.healthy + self.degraded + self.unhealthy;
        let up = (self.healthy + self.degraded) as f64 / total.max(1) as f64 * 100.0;
        ComponentMetrics {
            total_checks: total,
            healthy_count: self.healthy,
            degraded_count: self.degraded,
            unhealthy_count: self.unhealthy,
            uptime_percentage: format!("{up:.2}"),
            avg_response_time_ms: millis(self.total).checked_div(total).unwrap_or_default(),
            min_response_time_ms: self.shortest.map_or(0, millis),
            max_response_time_ms: millis(self.longest),
            broker: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metrics_sum_up_the_checks() {
        let records = Records::default();
        records.add(DATABASE, HealthStatus::Healthy, Duration::from_millis(10));
        records.add(DATABASE, HealthStatus::Degraded, Duration::from_millis(1500));
        records.add(DATABASE, HealthStatus::Unhealthy, Duration::from_millis(20));
        let expected = ComponentMetrics {
            total_checks: 3,
            healthy_count: 1,
            degraded_count: 1,
            unhealthy_count: 1,
            uptime_percentage: "66.67".to_owned(),
            avg_response_time_ms: 510,
            min_response_time_ms: 10,
            max_response_time_ms: 1500,
            broker: None,
        };
        assert_eq!(records.summary()[DATABASE], expected);
    }
}
