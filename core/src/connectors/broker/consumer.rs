//! Reads progress messages, for as long as the program runs.

use std::sync::{Arc, Mutex, PoisonError};

use lapin::Connection;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::connectors::broker::{
    backoff::{Backoff, Jitter},
    confirmed::within,
    connection,
    delivery::ProgressHandler,
    failure::BrokerError,
    metrics::ConsumerMetrics,
    session::{Ended, Session},
    settings::ConsumerSettings,
    state::{BrokerState, StateCell},
    topology,
};

/// Several may run on one queue, in one program or in several. With a durable queue one of them is active, and the others
/// stand by; they are connected too.
#[derive(Debug)]
pub struct Consumer {
    settings: ConsumerSettings,
    jitter: Arc<dyn Jitter>,
    state: StateCell,
    metrics: Arc<ConsumerMetrics>,
    /// The current connection, for requests other than consuming. The lock is only held to read or replace it.
    connection: Mutex<Option<Arc<Connection>>>,
}

impl Consumer {
    pub fn new(settings: ConsumerSettings, jitter: Arc<dyn Jitter>) -> Self {
        Self {
            settings,
            jitter,
            state: StateCell::new("consumer"),
            metrics: Arc::default(),
            connection: Mutex::default(),
        }
    }

    pub fn metrics(&self) -> &ConsumerMetrics {
        &self.metrics
    }

    pub fn state(&self) -> watch::Receiver<BrokerState> {
        self.state.subscribe()
    }

    /// How many messages wait in the queue, without those that were sent ahead to a consumer. None while not connected.
    pub async fn lag(&self) -> Option<u32> {
        let connection = self.connection()?;
        let limit = self.settings.broker.timeouts.declare;
        let asking = async {
            // A question about a queue that is gone closes its channel, so it gets its own.
            let channel = connection.create_channel().await?;
            topology::waiting(&channel, self.settings.queue.name()).await
        };
        within(limit, asking).await.ok()
    }

    /// Handles messages until `stop`, and connects again after any failure. A message that is being handled then gets one
    /// second more; what is not acknowledged comes back.
    pub async fn run(&self, handler: &dyn ProgressHandler, stop: &CancellationToken) {
        let mut backoff = Backoff::new(self.settings.broker.reconnect, &*self.jitter);
        loop {
            match self.connect_and_consume(handler, stop, &mut backoff).await {
                Ended::Stopped => return,
                Ended::Failed(reason) => self.state.down(&reason),
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(backoff.next()) => {}
            }
        }
    }

    async fn connect_and_consume(
        &self,
        handler: &dyn ProgressHandler,
        stop: &CancellationToken,
        backoff: &mut Backoff<'_>,
    ) -> Ended {
        let opened = tokio::select! {
            () = stop.cancelled() => return Ended::Stopped,
            opened = connection::open(&self.settings.broker, "consumer") => opened,
        };
        let connection = match opened {
            Ok(connection) => Arc::new(connection),
            Err(BrokerError(reason)) => return Ended::Failed(reason),
        };
        let ended = match Session::begin(&connection, &self.settings, &*self.jitter, &self.metrics).await {
            Ok(session) => {
                backoff.reset();
                self.keep(Some(connection.clone()));
                self.state.connected();
                session.run(handler, stop).await
            }
            Err(BrokerError(reason)) => {
                connection::close(&connection).await;
                Ended::Failed(reason)
            }
        };
        self.keep(None);
        ended
    }

    fn connection(&self) -> Option<Arc<Connection>> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn keep(&self, connection: Option<Arc<Connection>>) {
        *self.connection.lock().unwrap_or_else(PoisonError::into_inner) = connection;
    }
}
