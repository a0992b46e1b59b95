//! Consumers and handlers for tests.

use std::sync::Arc;

use async_trait::async_trait;
use lapin::BasicProperties;
use stacker::connectors::broker::{
    BrokerState, Consumer, ConsumerSettings, Delivery, Outcome, PROGRESS_EXCHANGE, ProgressHandler,
    ProgressQueue,
};
use tokio::{
    sync::{mpsc, oneshot},
    task::JoinHandle,
};
use tokio_util::sync::CancellationToken;

use super::node::{TestBroker, in_time, jitter, state_becomes};
use super::relay::Relay;

pub const PROGRESS_KEY: &str = "install.progress.tfa.all.all";

/// Hands each delivery to the test, which answers it.
#[derive(Debug)]
pub struct AskTheTest {
    asks: mpsc::UnboundedSender<Question>,
}

/// A delivery that waits for the test to say what becomes of it. Without an answer, the handler panics.
pub struct Question {
    pub delivery: Delivery,
    pub answer: oneshot::Sender<Outcome>,
}

impl Question {
    pub fn body(&self) -> String {
        String::from_utf8(self.delivery.body.clone()).unwrap()
    }

    pub fn answer(self, outcome: Outcome) {
        // The consumer may have been stopped.
        let _ = self.answer.send(outcome);
    }

    pub fn panic(self) {
        drop(self.answer);
    }
}

#[async_trait]
impl ProgressHandler for AskTheTest {
    async fn handle(&self, delivery: &Delivery) -> Outcome {
        let (answer, answered) = oneshot::channel();
        self.asks.send(Question { delivery: delivery.clone(), answer }).unwrap();
        // Some tests want this panic.
        answered.await.unwrap()
    }
}

/// A consumer that runs, and what it asks.
pub struct Running {
    /// Between the consumer and the broker.
    pub relay: Relay,
    pub consumer: Arc<Consumer>,
    questions: mpsc::UnboundedReceiver<Question>,
    pub stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Running {
    /// Starts a consumer and waits until it is connected.
    pub async fn start(mut settings: ConsumerSettings) -> Self {
        let relay = Relay::to(&settings.broker).await;
        settings.broker = relay.settings.clone();
        let (asks, questions) = mpsc::unbounded_channel();
        let consumer = Arc::new(Consumer::new(settings, jitter()));
        let stop = CancellationToken::new();
        let task = tokio::spawn({
            let (consumer, stop) = (consumer.clone(), stop.clone());
            async move { consumer.run(&AskTheTest { asks }, &stop).await }
        });
        state_becomes(consumer.state(), BrokerState::is_connected).await;
        Self { relay, consumer, questions, stop, task }
    }

    pub async fn question(&mut self) -> Question {
        in_time("a message is handled", self.questions.recv()).await.unwrap()
    }

    /// The bodies of the next messages, all answered with [`Outcome::Done`].
    pub async fn done(&mut self, count: usize) -> Vec<String> {
        let mut bodies = Vec::new();
        while bodies.len() < count {
            let question = self.question().await;
            bodies.push(question.body());
            question.answer(Outcome::Done);
        }
        bodies
    }

    pub fn is_idle(&self) -> bool {
        self.questions.is_empty()
    }

    /// Ends it in an orderly way.
    pub async fn stop(self) {
        self.stop.cancel();
        in_time("the consumer stops", self.task).await.unwrap();
    }

    /// Ends it as the death of its program would: the broker hears no farewell.
    pub async fn kill(self) {
        self.relay.cut();
        self.task.abort();
        let _ = self.task.await;
    }
}

pub fn durable(broker: &TestBroker) -> ConsumerSettings {
    ConsumerSettings::new(broker.settings.clone(), ProgressQueue::default())
}

pub fn with_limit(broker: &TestBroker, delivery_limit: u16) -> ConsumerSettings {
    let queue = ProgressQueue::Durable { name: "stacker_progress".to_owned(), delivery_limit };
    ConsumerSettings::new(broker.settings.clone(), queue)
}

pub fn legacy(broker: &TestBroker) -> ConsumerSettings {
    ConsumerSettings::new(broker.settings.clone(), ProgressQueue::Legacy)
}

pub async fn report(broker: &TestBroker, body: &str) {
    broker.send(PROGRESS_EXCHANGE, PROGRESS_KEY, body, BasicProperties::default()).await;
}

pub async fn report_as(broker: &TestBroker, id: &str, body: &str) {
    let properties = BasicProperties::default().with_message_id(id.into());
    broker.send(PROGRESS_EXCHANGE, PROGRESS_KEY, body, properties).await;
}
