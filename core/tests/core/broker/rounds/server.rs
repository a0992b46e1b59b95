//! A server that is connected to the broker through relays, and that can be killed.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use sqlx::PgPool;
use stacker::{
    connectors::broker::{
        Broker as _, BrokerSettings, BrokerState, Consumer, ConsumerSettings, Delivery, Outcome,
        ProgressHandler, ProgressQueue, RabbitMq, Timeouts,
    },
    services::{ProgressMessage, ProgressRefusal, Services},
};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::{
    broker::{
        node::{in_time, install_message, jitter, publisher, state_becomes},
        relay::Relay,
    },
    commands::world::until,
    helpers::World,
};

pub struct Server {
    pub world: World,
    /// Between the server and the broker, for deployments.
    pub publishing: Relay,
    publisher: Arc<RabbitMq>,
    /// Between the server and the broker, for progress.
    pub consuming: Relay,
    pub consumer: Arc<Consumer>,
    stop: CancellationToken,
    task: JoinHandle<()>,
    /// By the processes before this one.
    redelivered_before: u64,
}

/// As the consumer of the server does.
#[derive(Debug)]
struct Apply(Services);

#[async_trait]
impl ProgressHandler for Apply {
    async fn handle(&self, delivery: &Delivery) -> Outcome {
        match self.0.deployments().progressed(&delivery.body, delivery.redelivered).await {
            Ok(()) => Outcome::Done,
            Err(ProgressRefusal::Poison(reason)) => Outcome::Poison(reason),
            Err(ProgressRefusal::Internal(error)) => Outcome::Retry(format!("{error:#}")),
        }
    }

    async fn handle_together(&self, deliveries: &[&Delivery]) -> bool {
        let messages: Vec<_> = deliveries.iter().map(|delivery| ProgressMessage::from(*delivery)).collect();
        self.0.deployments().progressed_together(&messages).await.is_ok()
    }
}

/// The ways to the broker of one process.
struct Ways {
    publishing: Relay,
    publisher: Arc<RabbitMq>,
    consuming: Relay,
}

impl Ways {
    async fn to(broker: &BrokerSettings) -> Self {
        let timeouts = Timeouts { confirm: Duration::from_millis(300), ..Timeouts::default() };
        let publishing = Relay::to(&BrokerSettings { timeouts, ..broker.clone() }).await;
        let publisher = Arc::new(publisher(publishing.settings.clone()));
        Self { publishing, publisher, consuming: Relay::to(broker).await }
    }
}

impl Server {
    pub async fn start(pool: PgPool, broker: &BrokerSettings) -> Self {
        let ways = Ways::to(broker).await;
        let world = World::with_broker(pool, ways.publisher.clone());
        Self::run(world, ways, 0).await
    }

    async fn run(world: World, ways: Ways, redelivered_before: u64) -> Self {
        let Ways { publishing, publisher, consuming } = ways;
        let settings = ConsumerSettings::new(consuming.settings.clone(), ProgressQueue::default());
        let consumer = Arc::new(Consumer::new(settings, jitter()));
        let stop = CancellationToken::new();
        let task = tokio::spawn({
            let (consumer, stop, services) = (consumer.clone(), stop.clone(), world.services.clone());
            async move { consumer.run(&Apply(services), &stop).await }
        });
        state_becomes(consumer.state(), BrokerState::is_connected).await;
        Self { world, publishing, publisher, consuming, consumer, stop, task, redelivered_before }
    }

    /// Delivers what is due, in the background.
    pub fn delivers(&self) -> JoinHandle<()> {
        let services = self.world.services.clone();
        tokio::spawn(async move { services.deliver().await.unwrap() })
    }

    /// Opens the channel for deployments, so that what is sent next is the message itself.
    pub async fn can_publish(&self) {
        let publish = || async { self.publisher.publish(install_message("opens-a-channel")).await.is_ok() };
        until("the server can publish", publish).await;
    }

    /// Ends it as the death of its process would: the broker hears no farewell.
    pub async fn kill_and_restart(&self, broker: &BrokerSettings) -> Self {
        self.task.abort();
        self.consuming.cut();
        self.publishing.cut();
        self.publisher.close().await;
        let ways = Ways::to(broker).await;
        let world = self.world.killed_and_restarted(ways.publisher.clone());
        Self::run(world, ways, self.redelivered()).await
    }

    /// How many progress messages came more than once.
    pub fn redelivered(&self) -> u64 {
        self.redelivered_before + self.consumer.metrics().counts().redelivered
    }

    pub async fn stop(self) {
        self.stop.cancel();
        in_time("the consumer stops", self.task).await.unwrap();
        self.publisher.close().await;
    }
}
