//! Callbacks: who subscribes, what is written, how it is sent.

mod events;
mod sending;
mod subscriptions;

use std::sync::Arc;

use domain::{
    access::Caller,
    callback::{CallbackDelivery, CallbackEvent, CallbackSubscription, CreateCallback},
};
use serde_json::Value;
use sqlx::PgPool;
use stacker::{connectors::callback::FakeCallbackSender, services::DeliveryPart};
use uuid::Uuid;

use crate::helpers::{World, user};

pub const URL: &str = "https://hooks.example.com/stacker";

/// A world with a receiver, and Ada, who subscribes.
struct Calling {
    world: World,
    receiver: Arc<FakeCallbackSender>,
    ada: Caller,
}

impl Calling {
    fn new(pool: PgPool) -> Self {
        let receiver = Arc::new(FakeCallbackSender::default());
        let world = World::with_callbacks(pool, receiver.clone());
        Self { world, receiver, ada: user("ada") }
    }

    /// A subscription of Ada for all events.
    async fn subscribe(&self) -> CallbackSubscription {
        subscribe(&self.world, &self.ada, all()).await
    }

    async fn deliver(&self) {
        self.world.services.callbacks().deliver().await.unwrap();
    }

    async fn test(&self, id: Uuid) -> Uuid {
        self.world.services.callbacks().test(&self.ada, id).await.unwrap()
    }

    /// The log, newest first.
    async fn log(&self, id: Uuid) -> Vec<CallbackDelivery> {
        log(&self.world, &self.ada, id).await
    }

    async fn get(&self, id: Uuid) -> CallbackSubscription {
        self.world.services.callbacks().get(&self.ada, id).await.unwrap()
    }
}

fn all() -> CreateCallback {
    let events = CallbackEvent::ALL.iter().map(|event| event.as_str().to_owned()).collect();
    CreateCallback { url: URL.to_owned(), events, project_id: None }
}

async fn subscribe(world: &World, caller: &Caller, body: CreateCallback) -> CallbackSubscription {
    world.services.callbacks().create(caller, &body).await.unwrap()
}

async fn log(world: &World, caller: &Caller, id: Uuid) -> Vec<CallbackDelivery> {
    let part = DeliveryPart::default();
    world.services.callbacks().deliveries(caller, id, part).await.unwrap().items
}

/// The events of a log, oldest first.
fn events(log: &[CallbackDelivery]) -> Vec<&str> {
    log.iter().rev().map(|delivery| delivery.event.as_str()).collect()
}

fn body(delivery: &CallbackDelivery) -> Value {
    serde_json::from_str(&delivery.body).unwrap()
}
