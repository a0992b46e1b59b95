//! The progress of deployments, as the install service reports it.

use std::sync::Arc;

use async_trait::async_trait;
use stacker::{
    connectors::broker::{Consumer, Delivery, Outcome, ProgressHandler},
    services::{ProgressMessage, ProgressRefusal, Services},
};
use tokio_util::sync::CancellationToken;

#[derive(Debug)]
pub struct ProgressConsumer {
    consumer: Arc<Consumer>,
    services: Services,
}

impl ProgressConsumer {
    pub fn new(consumer: Arc<Consumer>, services: Services) -> Self {
        Self { consumer, services }
    }

    /// Consumes until told to stop.
    pub async fn run(self, stop: CancellationToken) {
        self.consumer.run(&Handler(self.services), &stop).await;
    }
}

#[derive(Debug)]
struct Handler(Services);

#[async_trait]
impl ProgressHandler for Handler {
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
