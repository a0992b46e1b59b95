//! How callbacks are sent: in order, again after a failure, by one server, and not for ever.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use domain::{
    audit::AuditQuery,
    callback::{CreateCallback, DeliveryState},
};
use sqlx::PgPool;
use stacker::{
    config::Networks,
    connectors::{
        callback::{CallbackClient, FakeCallbackSender},
        outbound::{AllowList, OutboundClient, OutboundError, OutboundSettings},
    },
    services::{AuditPart, CallbackError},
};
use tokio::join;

use super::{Calling, all, subscribe};
use crate::helpers::{World, user};

#[sqlx::test(migrations = "../migrations")]
async fn callbacks_of_one_subscription_arrive_in_order_with_their_ids(pool: PgPool) {
    let calling = Calling::new(pool);
    let id = calling.subscribe().await.id;
    let (first, second) = (calling.test(id).await, calling.test(id).await);
    calling.deliver().await;
    let received = calling.receiver.received();
    let ids: Vec<_> = received.iter().map(|sent| sent.delivery_id.clone()).collect();
    assert_eq!(ids, [first.to_string(), second.to_string()]);
    assert_eq!(received[0].event, "callback.test");
    let log = calling.log(id).await;
    assert_eq!((log[0].state, log[0].last_status), (DeliveryState::Delivered, Some(204)));
    calling.deliver().await;
    assert_eq!(calling.receiver.received().len(), 2);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_failed_attempt_is_repeated_later_with_the_same_id(pool: PgPool) {
    let calling = Calling::new(pool);
    let id = calling.subscribe().await.id;
    calling.test(id).await;
    calling.receiver.then_answers(Ok(500));
    calling.deliver().await;
    let waiting = calling.log(id).await.remove(0);
    assert_eq!((waiting.state, waiting.attempts), (DeliveryState::Waiting, 1));
    assert_eq!(waiting.last_status, Some(500));
    assert!(calling.get(id).await.failing_since.is_some());

    calling.deliver().await;
    assert_eq!(calling.receiver.received().len(), 1, "not before its time");
    calling.world.clock.advance(TimeDelta::seconds(13));
    calling.deliver().await;
    let received = calling.receiver.received();
    assert_eq!(received[0].delivery_id, received[1].delivery_id);
    assert!(received[0].timestamp < received[1].timestamp);
    assert_eq!(calling.log(id).await[0].state, DeliveryState::Delivered);
    assert_eq!(calling.get(id).await.failing_since, None);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_subscription_that_fails_for_a_day_is_disabled_and_its_owner_sees_why(pool: PgPool) {
    let calling = Calling::new(pool);
    let id = calling.subscribe().await.id;
    calling.test(id).await;
    for _ in 0..2_000 {
        calling.receiver.then_answers(Err(OutboundError::TimedOut));
    }
    for _ in 0..60 {
        calling.deliver().await;
        calling.world.clock.advance(TimeDelta::minutes(76));
        if !calling.get(id).await.enabled {
            break;
        }
        calling.test(id).await;
    }
    let disabled = calling.get(id).await;
    assert!(!disabled.enabled);
    assert!(disabled.disabled_reason.unwrap().starts_with("No callback arrived for 24 hours"));
    assert!(calling.log(id).await.iter().all(|delivery| delivery.state == DeliveryState::Failed));
    assert!(matches!(
        calling.world.services.callbacks().test(&calling.ada, id).await,
        Err(CallbackError::Disabled)
    ));
    let query = AuditQuery::default();
    let audit = calling.world.services.audit();
    let lines = audit.list(&calling.ada, &query, AuditPart::default()).await.unwrap().lines;
    assert!(lines.iter().any(|line| line.action == "callback.gave_up"));
}

#[sqlx::test(migrations = "../migrations")]
async fn one_event_that_is_never_accepted_fails_alone(pool: PgPool) {
    let calling = Calling::new(pool);
    let id = calling.subscribe().await.id;
    let refused = calling.test(id).await;
    for _ in 0..40 {
        calling.receiver.then_answers(Ok(400));
        calling.deliver().await;
        calling.test(id).await;
        calling.deliver().await;
        calling.world.clock.advance(TimeDelta::minutes(76));
    }
    let log = calling.log(id).await;
    let first = log.iter().find(|delivery| delivery.id == refused).unwrap();
    assert_eq!(first.state, DeliveryState::Failed);
    assert!(calling.get(id).await.enabled);
}

#[sqlx::test(migrations = "../migrations")]
async fn what_was_sent_can_be_sent_again_with_the_same_id(pool: PgPool) {
    let calling = Calling::new(pool);
    let id = calling.subscribe().await.id;
    let delivery = calling.test(id).await;
    calling.deliver().await;
    let callbacks = calling.world.services.callbacks();
    callbacks.redeliver(&calling.ada, id, delivery).await.unwrap();
    calling.deliver().await;
    let received = calling.receiver.received();
    assert_eq!(received.len(), 2);
    assert_eq!((&received[0].delivery_id, &received[0].body), (&received[1].delivery_id, &received[1].body));
    let unknown = callbacks.redeliver(&calling.ada, id, id).await;
    assert!(matches!(unknown, Err(CallbackError::NotFound("delivery"))));
}

#[sqlx::test(migrations = "../migrations")]
async fn two_servers_do_not_send_one_callback_twice(pool: PgPool) {
    let calling = Calling::new(pool);
    let other_receiver = Arc::new(FakeCallbackSender::default());
    let other = calling.world.twin_with_callbacks(other_receiver.clone());
    for _ in 0..10 {
        let id = calling.subscribe().await.id;
        calling.test(id).await;
        calling.test(id).await;
    }
    let theirs = other.services.callbacks();
    let (_, sent) = join!(calling.deliver(), theirs.deliver());
    sent.unwrap();
    calling.deliver().await;
    let mut ids: Vec<_> = [calling.receiver.received(), other_receiver.received()]
        .concat()
        .into_iter()
        .map(|sent| sent.delivery_id)
        .collect();
    assert_eq!(ids.len(), 20);
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 20);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_private_address_is_not_called(pool: PgPool) {
    drop(rustls::crypto::aws_lc_rs::default_provider().install_default());
    let allowed = AllowList::new(Networks::default(), []);
    let settings = OutboundSettings { allowed, timeout: Duration::from_secs(1) };
    let client = CallbackClient::new(OutboundClient::new(settings).unwrap());
    let world = World::with_callbacks(pool, Arc::new(client));
    let ada = user("ada");
    let body = CreateCallback { url: "http://127.0.0.1:9/hook".to_owned(), ..all() };
    let id = subscribe(&world, &ada, body).await.id;
    world.services.callbacks().test(&ada, id).await.unwrap();
    world.services.callbacks().deliver().await.unwrap();
    let delivery = super::log(&world, &ada, id).await.remove(0);
    assert_eq!((delivery.state, delivery.last_status), (DeliveryState::Waiting, None));
    assert!(delivery.last_error.unwrap().contains("loopback"));
}
