//! Several consumers on one queue, as with several servers.

use stacker::connectors::broker::Outcome;

use super::{
    node::{TestBroker, in_time},
    progress::{Running, durable, report},
};

#[tokio::test]
async fn one_consumer_is_active_and_the_other_takes_over() {
    let broker = TestBroker::new().await;
    let mut first = Running::start(durable(&broker)).await;
    let mut second = Running::start(durable(&broker)).await;
    for number in 0..20 {
        report(&broker, &number.to_string()).await;
    }
    assert_eq!(first.done(10).await, (0..10).map(|number| number.to_string()).collect::<Vec<_>>());
    assert!(second.is_idle(), "it stands by");
    let _unanswered = first.question().await;
    first.kill().await;
    // Some that were handled come again, if their acknowledgement was still to be sent.
    let mut taken_over: Vec<usize> = Vec::new();
    while taken_over.last() != Some(&19) {
        taken_over.push(second.done(1).await[0].parse().unwrap());
    }
    assert!(taken_over.first().is_some_and(|first| *first <= 10), "{taken_over:?}");
    assert!(taken_over.is_sorted_by(|earlier, later| earlier + 1 == *later), "{taken_over:?}");
}

#[tokio::test]
async fn a_consumer_that_is_stopped_finishes_its_message_and_gives_the_rest_back() {
    let broker = TestBroker::new().await;
    let mut first = Running::start(durable(&broker)).await;
    for body in ["one", "two", "three"] {
        report(&broker, body).await;
    }
    let question = first.question().await;
    first.stop.cancel();
    question.answer(Outcome::Done);
    first.stop().await;
    let mut second = Running::start(durable(&broker)).await;
    assert_eq!(second.done(2).await, ["two", "three"]);
}

#[tokio::test]
async fn messages_that_were_sent_ahead_to_a_consumer_that_stops_keep_their_order() {
    let broker = TestBroker::new().await;
    let mut first = Running::start(durable(&broker)).await;
    let mut second = Running::start(durable(&broker)).await;
    for number in 0..30 {
        report(&broker, &number.to_string()).await;
    }
    first.done(5).await;
    let question = first.question().await;
    // More come while it stops: they must not overtake.
    first.stop.cancel();
    for number in 30..60 {
        report(&broker, &number.to_string()).await;
    }
    question.answer(Outcome::Done);
    first.stop().await;
    assert_eq!(second.done(54).await, (6..60).map(|number| number.to_string()).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_handler_that_does_not_end_is_given_up_soon_after_the_stop() {
    let broker = TestBroker::new().await;
    let mut first = Running::start(durable(&broker)).await;
    report(&broker, "one").await;
    let _unanswered = first.question().await;
    in_time("the consumer stops", first.stop()).await;
    let mut second = Running::start(durable(&broker)).await;
    assert_eq!(second.done(1).await, ["one"]);
}

#[tokio::test]
async fn the_order_survives_connections_that_are_cut() {
    let broker = TestBroker::new().await;
    let mut consumer = Running::start(durable(&broker)).await;
    for number in 0..200 {
        report(&broker, &number.to_string()).await;
    }
    // Messages may come twice after a cut, but the first time of each is in order.
    let mut expected = 0;
    while expected < 200 {
        let question = consumer.question().await;
        let number: usize = question.body().parse().unwrap();
        assert!(number <= expected, "{number} came before {expected}");
        if number == expected {
            expected += 1;
            if expected % 70 == 0 {
                consumer.relay.cut();
            }
        }
        question.answer(Outcome::Done);
    }
    assert!(consumer.relay.connections() > 1);
}
