//! Whether the broker can be reached, for health and for pages.

use std::{sync::Arc, time::Duration};

use tokio::{sync::watch, time::Instant};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum BrokerState {
    /// No connection was attempted yet: they are opened at the first use.
    #[default]
    NeverTried,
    Connected {
        since: Instant,
    },
    Down {
        /// The first failure; later attempts that fail do not move it.
        since: Instant,
        /// Of the last attempt, short and without credentials.
        reason: Arc<str>,
    },
}

impl BrokerState {
    pub fn is_connected(&self) -> bool {
        matches!(self, Self::Connected { .. })
    }

    /// How long it has been like this.
    pub fn lasts(&self) -> Option<Duration> {
        match self {
            Self::NeverTried => None,
            Self::Connected { since } | Self::Down { since, .. } => Some(since.elapsed()),
        }
    }

    /// Why the broker is down.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Down { reason, .. } => Some(reason),
            Self::NeverTried | Self::Connected { .. } => None,
        }
    }
}

/// Holds the state of one connection and logs its changes, once each.
#[derive(Debug)]
pub(super) struct StateCell {
    purpose: &'static str,
    state: watch::Sender<BrokerState>,
}

impl StateCell {
    pub(super) fn new(purpose: &'static str) -> Self {
        Self { purpose, state: watch::Sender::default() }
    }

    pub(super) fn subscribe(&self) -> watch::Receiver<BrokerState> {
        self.state.subscribe()
    }

    pub(super) fn connected(&self) {
        let changed = self.state.send_if_modified(|state| {
            let changes = !state.is_connected();
            if changes {
                *state = BrokerState::Connected { since: Instant::now() };
            }
            changes
        });
        if changed {
            tracing::info!(connection = self.purpose, "connected to the message broker");
        }
    }

    pub(super) fn down(&self, reason: &str) {
        let mut went_down = false;
        self.state.send_if_modified(|state| {
            let since = match state {
                BrokerState::Down { reason: known, .. } if **known == *reason => return false,
                BrokerState::Down { since, .. } => *since,
                BrokerState::NeverTried | BrokerState::Connected { .. } => {
                    went_down = true;
                    Instant::now()
                }
            };
            *state = BrokerState::Down { since, reason: reason.into() };
            true
        });
        if went_down {
            tracing::warn!(
                connection = self.purpose,
                reason,
                "the message broker is not available; connecting goes on"
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_failure_changes_the_reason_but_not_the_time() {
        let cell = StateCell::new("test");
        cell.down("first");
        let first = cell.subscribe().borrow().clone();
        cell.down("second");
        let second = cell.subscribe().borrow().clone();
        assert_eq!(second.reason(), Some("second"));
        let (BrokerState::Down { since, .. }, BrokerState::Down { since: still, .. }) = (first, second)
        else {
            panic!("it is down");
        };
        assert_eq!(since, still);
    }
}
