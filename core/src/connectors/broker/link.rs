//! Keeps one connection open for publishing.

use std::{pin::pin, sync::Arc};

use futures::{FutureExt as _, StreamExt as _};
use lapin::{Connection, Event};
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;

use crate::connectors::broker::{
    backoff::{Backoff, Jitter},
    connection,
    failure::reason,
    settings::BrokerSettings,
    state::StateCell,
};

#[derive(Debug)]
pub(super) struct Link {
    pub(super) settings: BrokerSettings,
    pub(super) state: StateCell,
    /// Written by [`Self::keep_open`] only.
    connection: watch::Sender<Option<Arc<Connection>>>,
    /// Somebody has found that the connection no longer answers.
    suspicion: Notify,
    pub(super) stop: CancellationToken,
}

impl Link {
    pub(super) fn new(settings: BrokerSettings) -> Self {
        Self {
            settings,
            state: StateCell::new("publisher"),
            connection: watch::Sender::default(),
            suspicion: Notify::new(),
            stop: CancellationToken::new(),
        }
    }

    /// The connection, unless the broker is down.
    pub(super) fn connection(&self) -> Option<Arc<Connection>> {
        self.connection.borrow().clone()
    }

    /// The connection is replaced.
    pub(super) fn does_not_answer(&self) {
        self.suspicion.notify_one();
    }

    /// Connects again and again until [`Self::stop`].
    pub(super) async fn keep_open(&self, jitter: &dyn Jitter) {
        let mut backoff = Backoff::new(self.settings.reconnect, jitter);
        loop {
            let opened = tokio::select! {
                () = self.stop.cancelled() => return,
                opened = connection::open(&self.settings, "publisher") => opened,
            };
            match opened {
                Ok(connection) => {
                    backoff.reset();
                    if !self.serve(Arc::new(connection)).await {
                        return;
                    }
                }
                Err(error) => self.state.down(&error.0),
            }
            tokio::select! {
                () = self.stop.cancelled() => return,
                () = tokio::time::sleep(backoff.next()) => {}
            }
        }
    }

    /// Offers the connection to publishers until it ends; false when everything ends.
    async fn serve(&self, connection: Arc<Connection>) -> bool {
        let mut events = pin!(connection.events_listener());
        // It may have ended before anybody listened.
        if !connection.status().connected() {
            self.state.down("the connection to the broker was lost");
            return true;
        }
        // What was suspected of the connection before.
        let _ = self.suspicion.notified().now_or_never();
        self.connection.send_replace(Some(connection.clone()));
        self.state.connected();
        let why = loop {
            let event = tokio::select! {
                () = self.stop.cancelled() => break None,
                () = self.suspicion.notified() => break Some("the broker does not answer".to_owned()),
                event = events.next() => event,
            };
            match event {
                Some(Event::ConnectionBlocked(_)) => self.state.down(BLOCKED),
                Some(Event::ConnectionUnblocked) => self.state.connected(),
                // A channel that was closed is an error too, but not of the connection.
                Some(Event::Error(error)) if !connection.status().connected() => break Some(reason(&error)),
                Some(_) => {}
                None => break Some("the connection to the broker was lost".to_owned()),
            }
        };
        self.connection.send_replace(None);
        if let Some(why) = &why {
            self.state.down(why);
        }
        connection::close(&connection).await;
        why.is_some()
    }
}

/// Says a broker's alarm in plain words.
pub(super) const BLOCKED: &str = "the broker takes no messages, because it is short of memory or disk space";
