//! What an operator can do with dead letters.

use stacker::connectors::broker::{BrokerError, DeadLetters, Outcome, Which};

use super::{
    node::TestBroker,
    progress::{PROGRESS_KEY, Running, durable, report, report_as, with_limit},
};
use crate::commands::world::until;

const DEAD: &str = "stacker_progress.dead";

/// Dead letters with the ids `p-0`, `p-1`, …
async fn with_dead_letters(broker: &TestBroker, count: usize) -> Running {
    let mut consumer = Running::start(durable(broker)).await;
    for number in 0..count {
        report_as(broker, &format!("p-{number}"), &format!("body {number}")).await;
        consumer.question().await.answer(Outcome::Poison(format!("reason {number}")));
    }
    until("all are dead letters", || async { usize::try_from(broker.waiting(DEAD).await).unwrap() == count })
        .await;
    consumer
}

async fn ids(letters: &DeadLetters) -> Vec<String> {
    letters.list(100).await.unwrap().into_iter().map(|letter| letter.id).collect()
}

#[tokio::test]
async fn there_are_none_before_the_first_one() {
    let broker = TestBroker::new().await;
    let letters = DeadLetters::new(durable(&broker));
    assert_eq!(letters.list(10).await.unwrap(), []);
    assert_eq!(letters.retry(&Which::All).await.unwrap(), 0);
    assert_eq!(letters.drop(&Which::All).await.unwrap(), 0);
}

#[tokio::test]
async fn listing_says_why_and_changes_nothing() {
    let broker = TestBroker::new().await;
    let _consumer = with_dead_letters(&broker, 3).await;
    let letters = DeadLetters::new(durable(&broker));
    let listed = letters.list(2).await.unwrap();
    assert_eq!(listed.len(), 2);
    assert_eq!(listed[0].id, "p-0");
    assert_eq!(listed[0].reason, "reason 0");
    assert_eq!(listed[0].routing_key, PROGRESS_KEY);
    assert_eq!(listed[0].body, b"body 0");
    assert_eq!(ids(&letters).await, ["p-0", "p-1", "p-2"]);
}

#[tokio::test]
async fn a_dead_letter_that_is_retried_is_handled_like_a_new_message() {
    let broker = TestBroker::new().await;
    let mut consumer = with_dead_letters(&broker, 3).await;
    let letters = DeadLetters::new(durable(&broker));
    assert_eq!(letters.retry(&Which::Id("p-1".to_owned())).await.unwrap(), 1);
    let question = consumer.question().await;
    assert_eq!(question.delivery.message_id.as_deref(), Some("p-1"));
    assert_eq!(question.body(), "body 1");
    assert!(!question.delivery.redelivered);
    question.answer(Outcome::Done);
    assert_eq!(ids(&letters).await, ["p-0", "p-2"]);

    assert_eq!(letters.retry(&Which::All).await.unwrap(), 2);
    assert_eq!(consumer.done(2).await, ["body 0", "body 2"]);
    assert_eq!(ids(&letters).await, [""; 0]);
}

#[tokio::test]
async fn a_dead_letter_that_nobody_would_receive_stays() {
    let broker = TestBroker::new().await;
    with_dead_letters(&broker, 1).await.stop().await;
    broker.delete_queue("stacker_progress").await;
    let letters = DeadLetters::new(durable(&broker));
    let BrokerError(reason) = letters.retry(&Which::All).await.unwrap_err();
    assert!(reason.contains("no queue receives"), "{reason}");
    until("it is put back", || async { broker.waiting(DEAD).await == 1 }).await;
    assert_eq!(ids(&letters).await, ["p-0"]);
}

#[tokio::test]
async fn dropped_dead_letters_are_gone_and_the_others_stay() {
    let broker = TestBroker::new().await;
    let _consumer = with_dead_letters(&broker, 3).await;
    let letters = DeadLetters::new(durable(&broker));
    assert_eq!(letters.drop(&Which::Id("p-0".to_owned())).await.unwrap(), 1);
    assert_eq!(letters.drop(&Which::Id("p-0".to_owned())).await.unwrap(), 0);
    assert_eq!(ids(&letters).await, ["p-1", "p-2"]);
    assert_eq!(letters.drop(&Which::All).await.unwrap(), 2);
    assert_eq!(broker.waiting(DEAD).await, 0);
}

#[tokio::test]
async fn a_message_whose_consumers_keep_dying_is_given_up_by_the_broker_and_can_be_retried() {
    let broker = TestBroker::new().await;
    let settings = with_limit(&broker, 1);
    Running::start(settings.clone()).await.stop().await;
    report(&broker, "deadly").await;
    for _ in 0..2 {
        let mut consumer = Running::start(settings.clone()).await;
        let _unanswered = consumer.question().await;
        consumer.kill().await;
    }
    until("it is a dead letter", || async { broker.waiting(DEAD).await == 1 }).await;
    let letters = DeadLetters::new(settings.clone());
    let listed = letters.list(1).await.unwrap();
    assert_eq!(listed[0].reason, "delivery_limit");
    assert_eq!(listed[0].routing_key, PROGRESS_KEY);
    assert_eq!(listed[0].id.len(), 16, "a message without an id gets one from its body");

    let mut consumer = Running::start(settings).await;
    assert_eq!(letters.retry(&Which::Id(listed[0].id.clone())).await.unwrap(), 1);
    let question = consumer.question().await;
    assert_eq!(question.body(), "deadly");
    assert!(!question.delivery.redelivered);
    question.answer(Outcome::Done);
}
