//! What happens to messages when the broker or the way to it fails.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use stacker::connectors::broker::{Broker as _, BrokerSettings, BrokerState, PublishError, Timeouts};

use super::{
    node::{INSTALL, TestBroker, in_time, install_message, publisher, rabbitmqctl, state_becomes},
    relay::Relay,
};

/// Bytes that only a published message has: opening a channel and declaring an exchange send less.
const A_MESSAGE: usize = 100;

fn impatient(settings: &BrokerSettings) -> BrokerSettings {
    let timeouts = Timeouts { confirm: Duration::from_millis(300), ..Timeouts::default() };
    BrokerSettings { timeouts, ..settings.clone() }
}

#[tokio::test]
async fn while_the_broker_is_stopped_messages_are_refused_at_once_and_later_they_get_through() {
    let mut broker = TestBroker::alone().await;
    broker.declare_install().await;
    let publisher = broker.publisher();
    publisher.publish(install_message("m-1")).await.unwrap();

    rabbitmqctl(&["stop_app"]).await;
    let down = state_becomes(publisher.state(), |state| state.reason().is_some()).await;
    let error = publisher.publish(install_message("m-2")).await.unwrap_err();
    assert!(matches!(error, PublishError::Unavailable(_)), "{error}");
    let still = publisher.state().borrow().clone();
    let (BrokerState::Down { since: first, .. }, BrokerState::Down { since: last, .. }) = (down, still)
    else {
        panic!("the broker is down");
    };
    assert_eq!(first, last, "more failures do not move the beginning");

    rabbitmqctl(&["start_app"]).await;
    state_becomes(publisher.state(), BrokerState::is_connected).await;
    broker.reconnect().await;
    // The queue of the test did not survive.
    broker.declare_install().await;
    publisher.publish(install_message("m-2")).await.unwrap();
}

#[tokio::test]
async fn a_broker_that_is_short_of_memory_takes_nothing_and_later_everything() {
    let broker = TestBroker::alone().await;
    broker.declare_install().await;
    let publisher = publisher(impatient(&broker.settings));
    publisher.publish(install_message("m-1")).await.unwrap();

    rabbitmqctl(&["set_vm_memory_high_watermark", "absolute", "1000000"]).await;
    let error = publisher.publish(install_message("m-2")).await.unwrap_err();
    assert_eq!(error, PublishError::TimedOut);
    // The broker says why only when somebody publishes; from then on nothing more is sent.
    let state = state_becomes(publisher.state(), |state| state.reason().is_some()).await;
    assert!(state.reason().unwrap().contains("short of memory"), "{state:?}");
    let error = publisher.publish(install_message("m-3")).await.unwrap_err();
    assert!(matches!(error, PublishError::Unavailable(_)), "{error}");

    rabbitmqctl(&["set_vm_memory_high_watermark", "0.4"]).await;
    state_becomes(publisher.state(), BrokerState::is_connected).await;
    publisher.publish(install_message("m-3")).await.unwrap();
    assert_eq!(broker.waiting(INSTALL).await, 3, "the message without a confirm has arrived after all");
}

#[tokio::test]
async fn connections_that_an_operator_closes_are_opened_again() {
    let broker = TestBroker::new().await;
    broker.declare_install().await;
    let relay = Relay::to(&broker.settings).await;
    let publisher = publisher(relay.settings.clone());
    publisher.publish(install_message("m-1")).await.unwrap();
    let states = publisher.state();
    rabbitmqctl(&["close_all_connections", "-p", &broker.settings.vhost, "known-to-this-test"]).await;
    state_becomes(states, |state| state.is_connected() && relay.connections() > 1).await;
    publisher.publish(install_message("m-2")).await.unwrap();
}

#[tokio::test]
async fn a_message_whose_confirm_is_lost_has_timed_out_and_the_next_one_uses_another_channel() {
    let broker = TestBroker::new().await;
    broker.declare_install().await;
    let relay = Relay::to(&broker.settings).await;
    let publisher = publisher(impatient(&relay.settings));
    publisher.publish(install_message("m-1")).await.unwrap();
    relay.swallow_answers();
    let error = publisher.publish(install_message("m-2")).await.unwrap_err();
    assert_eq!(error, PublishError::TimedOut);
    assert!(error.may_have_arrived());
    relay.let_answers_pass();
    relay.cut();
    state_becomes(publisher.state(), |state| state.is_connected() && relay.connections() > 1).await;
    publisher.publish(install_message("m-3")).await.unwrap();
    assert_eq!(broker.waiting(INSTALL).await, 3);
}

#[tokio::test]
async fn a_connection_that_is_cut_before_the_confirm_leaves_the_outcome_open() {
    let broker = TestBroker::new().await;
    broker.declare_install().await;
    let relay = Relay::to(&broker.settings).await;
    let publisher = Arc::new(publisher(relay.settings.clone()));
    publisher.publish(install_message("m-1")).await.unwrap();
    relay.swallow_answers();
    let publishing = tokio::spawn({
        let publisher = publisher.clone();
        async move { publisher.publish(install_message("m-2")).await }
    });
    relay.was_sent(A_MESSAGE).await;
    relay.cut();
    relay.let_answers_pass();
    let error = in_time("the publisher notices", publishing).await.unwrap().unwrap_err();
    assert!(matches!(error, PublishError::ConnectionLost(_)), "{error}");
    assert!(error.may_have_arrived());
    state_becomes(publisher.state(), |state| state.is_connected() && relay.connections() > 1).await;
    publisher.publish(install_message("m-3")).await.unwrap();
}

#[tokio::test]
async fn a_caller_who_gives_up_leaves_no_confirm_for_the_next_message() {
    let broker = TestBroker::new().await;
    broker.declare_install().await;
    let relay = Relay::to(&broker.settings).await;
    let publisher = Arc::new(publisher(relay.settings.clone()));
    publisher.publish(install_message("m-1")).await.unwrap();
    relay.swallow_answers();
    let mut unwanted = install_message("m-2");
    unwanted.routing_key = "nobody.wants.this".to_owned();
    let publishing = tokio::spawn({
        let publisher = publisher.clone();
        async move { publisher.publish(unwanted).await }
    });
    relay.was_sent(A_MESSAGE).await;
    publishing.abort();
    assert!(publishing.await.unwrap_err().is_cancelled());
    relay.cut();
    relay.let_answers_pass();
    state_becomes(publisher.state(), |state| state.is_connected() && relay.connections() > 1).await;
    publisher.publish(install_message("m-3")).await.unwrap();
}

#[tokio::test]
async fn nobody_at_the_address_is_reported_and_the_first_message_does_not_wait_for_the_second_attempt() {
    let broker = TestBroker::new().await;
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let publisher = publisher(BrokerSettings { port, ..broker.settings.clone() });
    let error = in_time("the first attempt", publisher.publish(install_message("m-1"))).await.unwrap_err();
    assert_eq!(error, PublishError::Unavailable("the broker's address refuses connections".to_owned()));
}

#[tokio::test]
async fn closing_takes_less_than_two_seconds_although_the_broker_is_silent() {
    let broker = TestBroker::new().await;
    broker.declare_install().await;
    let relay = Relay::to(&broker.settings).await;
    let publisher = publisher(relay.settings.clone());
    publisher.publish(install_message("m-1")).await.unwrap();
    relay.swallow_answers();
    let before = Instant::now();
    publisher.close().await;
    assert!(before.elapsed() < Duration::from_secs(2), "{:?}", before.elapsed());
}
