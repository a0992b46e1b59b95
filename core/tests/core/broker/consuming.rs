//! What becomes of a progress message.

use stacker::connectors::broker::{BrokerState, ConsumerCounts, Outcome, ProgressQueue};

use super::{
    node::{TestBroker, state_becomes},
    progress::{PROGRESS_KEY, Running, durable, legacy, report, report_as},
};
use crate::commands::world::until;

const QUEUE: &str = "stacker_progress";
const DEAD: &str = "stacker_progress.dead";

#[tokio::test]
async fn a_handled_message_is_gone_for_good() {
    let broker = TestBroker::new().await;
    let mut consumer = Running::start(durable(&broker)).await;
    report_as(&broker, "p-1", "one").await;
    let question = consumer.question().await;
    assert_eq!(question.delivery.message_id.as_deref(), Some("p-1"));
    assert_eq!(question.delivery.routing_key, PROGRESS_KEY);
    assert!(!question.delivery.redelivered);
    question.answer(Outcome::Done);
    until("it is counted", || async { consumer.consumer.metrics().counts().consumed == 1 }).await;
    consumer.stop().await;

    report(&broker, "two").await;
    let mut next = Running::start(durable(&broker)).await;
    assert_eq!(next.done(1).await, ["two"]);
}

#[tokio::test]
async fn a_message_whose_consumer_dies_while_it_is_handled_comes_again() {
    let broker = TestBroker::new().await;
    let mut consumer = Running::start(durable(&broker)).await;
    report(&broker, "one").await;
    let _unanswered = consumer.question().await;
    consumer.kill().await;

    let mut next = Running::start(durable(&broker)).await;
    let question = next.question().await;
    assert_eq!(question.body(), "one");
    assert!(question.delivery.redelivered);
    assert_eq!(question.delivery.delivery_count, Some(1));
    question.answer(Outcome::Done);
    assert_eq!(next.consumer.metrics().counts().redelivered, 1);
}

#[tokio::test]
async fn messages_wait_in_the_durable_queue_while_nobody_listens() {
    let broker = TestBroker::new().await;
    Running::start(durable(&broker)).await.stop().await;
    report(&broker, "one").await;
    until("it waits", || async { broker.waiting(QUEUE).await == 1 }).await;
    let mut consumer = Running::start(durable(&broker)).await;
    assert_eq!(consumer.done(1).await, ["one"]);
}

#[tokio::test]
async fn a_message_that_is_tried_again_keeps_its_place() {
    let broker = TestBroker::new().await;
    let mut consumer = Running::start(durable(&broker)).await;
    for body in ["one", "two", "three"] {
        report(&broker, body).await;
    }
    assert_eq!(consumer.done(1).await, ["one"]);
    for _ in 0..3 {
        let question = consumer.question().await;
        assert_eq!(question.body(), "two");
        assert!(!question.delivery.redelivered, "it never left the consumer");
        question.answer(Outcome::Retry("the database is away".to_owned()));
    }
    assert_eq!(consumer.done(2).await, ["two", "three"]);
    until("all are counted", || async {
        let counts = ConsumerCounts { consumed: 3, retries: 3, ..ConsumerCounts::default() };
        consumer.consumer.metrics().counts() == counts
    })
    .await;
}

#[tokio::test]
async fn a_message_that_cannot_be_used_becomes_a_dead_letter_once_and_the_next_one_is_handled() {
    let broker = TestBroker::new().await;
    let mut consumer = Running::start(durable(&broker)).await;
    report(&broker, "{").await;
    report(&broker, "two").await;
    consumer.question().await.answer(Outcome::Poison("this is not JSON".to_owned()));
    assert_eq!(consumer.done(1).await, ["two"]);
    consumer.stop().await;
    assert_eq!(broker.waiting(DEAD).await, 1);
    assert_eq!(broker.waiting(QUEUE).await, 0);
    assert_eq!(broker.take(DEAD).await.unwrap().data, b"{");
}

#[tokio::test]
async fn a_message_whose_handler_panics_comes_again() {
    let broker = TestBroker::new().await;
    let mut consumer = Running::start(durable(&broker)).await;
    report(&broker, "one").await;
    consumer.question().await.panic();
    let question = consumer.question().await;
    assert_eq!(question.delivery.delivery_count, Some(1));
    question.answer(Outcome::Done);
    until("it is counted", || async { consumer.consumer.metrics().counts().consumed == 1 }).await;
}

#[tokio::test]
async fn a_message_whose_handler_always_panics_becomes_a_dead_letter_alone() {
    let broker = TestBroker::new().await;
    let mut consumer = Running::start(durable(&broker)).await;
    report(&broker, "bad").await;
    report(&broker, "good").await;
    for _ in 0..3 {
        let question = consumer.question().await;
        assert_eq!(question.body(), "bad");
        question.panic();
    }
    assert_eq!(consumer.done(1).await, ["good"]);
    assert_eq!(consumer.consumer.metrics().counts().dead_lettered, 1);
    assert_eq!(broker.waiting(DEAD).await, 1);
}

#[tokio::test]
async fn a_queue_that_was_deleted_is_declared_again() {
    let broker = TestBroker::new().await;
    let mut consumer = Running::start(durable(&broker)).await;
    report(&broker, "one").await;
    assert_eq!(consumer.done(1).await, ["one"]);
    broker.delete_queue(QUEUE).await;
    until("the queue is there again", || async { broker.exists(QUEUE).await }).await;
    state_becomes(consumer.consumer.state(), BrokerState::is_connected).await;
    // Bound again as well, which comes after the declaration.
    until("a message arrives", || async {
        report(&broker, "two").await;
        !consumer.is_idle()
    })
    .await;
    assert_eq!(consumer.done(1).await, ["two"]);
}

#[tokio::test]
async fn the_queue_of_version_0_2_1_can_be_used_by_both_versions() {
    use lapin::{options::QueueDeclareOptions, types::FieldTable};
    let broker = TestBroker::new().await;
    let mut consumer = Running::start(legacy(&broker)).await;
    // With any other argument, the broker would refuse this.
    let mut arguments = FieldTable::default();
    arguments.insert("x-expires".into(), lapin::types::AMQPValue::LongInt(3_600_000));
    let options = QueueDeclareOptions { auto_delete: true, ..QueueDeclareOptions::default() };
    broker.declare_queue(ProgressQueue::Legacy.name(), options, arguments).await;
    report(&broker, "one").await;
    assert_eq!(consumer.done(1).await, ["one"]);
    assert!(!broker.exists("stacker_listener.dead").await, "nothing else is created without need");
    consumer.stop().await;
    assert!(!broker.exists("stacker_listener").await);
}

#[tokio::test]
async fn a_message_of_the_old_queue_that_cannot_be_used_becomes_a_dead_letter_too() {
    let broker = TestBroker::new().await;
    let mut consumer = Running::start(legacy(&broker)).await;
    report(&broker, "{").await;
    report(&broker, "two").await;
    consumer.question().await.answer(Outcome::Poison("this is not JSON".to_owned()));
    assert_eq!(consumer.done(1).await, ["two"]);
    assert_eq!(broker.waiting("stacker_listener.dead").await, 1);
}

#[tokio::test]
async fn permissions_that_were_enough_for_version_0_2_1_still_are_and_then_there_are_no_dead_letters() {
    let broker = TestBroker::new().await;
    let mut settings = legacy(&broker);
    settings.broker.username = "listener".to_owned();
    settings.broker.password = "listener".to_owned().into();
    let mut consumer = Running::start(settings).await;
    report(&broker, "{").await;
    report(&broker, "two").await;
    consumer.question().await.answer(Outcome::Poison("this is not JSON".to_owned()));
    assert_eq!(consumer.done(1).await, ["two"]);
    assert!(!broker.exists("stacker_listener.dead").await);
}

#[tokio::test]
async fn the_lag_counts_what_was_not_yet_sent_ahead() {
    let broker = TestBroker::new().await;
    let mut settings = durable(&broker);
    settings.prefetch = 1;
    let mut consumer = Running::start(settings).await;
    for body in ["one", "two", "three"] {
        report(&broker, body).await;
    }
    let question = consumer.question().await;
    until("two wait", || async { consumer.consumer.lag().await == Some(2) }).await;
    question.answer(Outcome::Done);
    assert_eq!(consumer.done(2).await, ["two", "three"]);
    until("none waits", || async { consumer.consumer.lag().await == Some(0) }).await;
}
