//! Rounds with a deployment and a failure each. In the end every deployment was sent once or is marked, and every progress message
//! was applied once, in order.
//!
//! The short form has one round for each failure but the last. `STACKER_BROKER_ROUNDS` sets another number (`bench/broker.mjs`: 200);
//! from the second time on, the failures come in a random order that is the same in every run. What they did is counted in the
//! file named by `BENCH_JSON`.

mod server;

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
};

use chrono::TimeDelta;
use domain::{
    access::Caller,
    api::{DeployMeta, Happened},
    deploy::DeploymentStatus,
};
use lapin::BasicProperties;
use rand::{Rng as _, SeedableRng as _, rngs::StdRng, seq::SliceRandom as _};
use serde_json::{Value, json};
use sqlx::PgPool;
use stacker::connectors::broker::{BrokerState, PROGRESS_EXCHANGE};

use self::server::Server;
use super::{
    node::{INSTALL, TestBroker, in_time, kill_node, rabbitmqctl, state_becomes},
    progress::PROGRESS_KEY,
};
use crate::{
    cloud_deployments::direct, clouds::hetzner, commands::world::until, deployments::project, helpers::user,
};

const SEED: u64 = 14;
/// Bytes that only a published message has: heartbeats are shorter.
const A_MESSAGE: usize = 100;
/// Longer than the longest wait after a failed attempt, and than a delivery may take.
const A_WHILE: TimeDelta = TimeDelta::minutes(7);
const DEAD: &str = "stacker_progress.dead";

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Failure {
    /// After the message was sent, before its confirm.
    ConnectionCut,
    /// The broker has the message, and nobody says so.
    ConfirmLost,
    /// After the deployment was stored, before anything was sent.
    ServerKilledBeforeSending,
    /// Between the message and its confirm.
    ServerKilledBeforeConfirm,
    QueueDeleted,
    /// While progress messages are handled and not yet acknowledged.
    ConsumerCut,
    OutOfMemory,
    /// While a message is on its way, and progress messages are.
    BrokerKilled,
    BrokerStopped,
}

const FAILURES: [Failure; 9] = [
    Failure::ConnectionCut,
    Failure::ConfirmLost,
    Failure::ServerKilledBeforeSending,
    Failure::ServerKilledBeforeConfirm,
    Failure::QueueDeleted,
    Failure::ConsumerCut,
    Failure::OutOfMemory,
    Failure::BrokerKilled,
    Failure::BrokerStopped,
];

/// The failures of all rounds: each once, then again in another order, and so on.
fn failures(rounds: usize, random: &mut StdRng) -> Vec<Failure> {
    let mut failures = FAILURES.to_vec();
    while failures.len() < rounds {
        let mut again = FAILURES;
        again.shuffle(random);
        failures.extend(again);
    }
    failures.truncate(rounds);
    failures
}

struct Rounds {
    broker: TestBroker,
    server: Server,
    random: StdRng,
    ada: Caller,
    project: i32,
    cloud: i32,
    deployed: Vec<DeployMeta>,
    /// How often the message of a deployment has reached the install service, by its hash.
    arrived: BTreeMap<String, u32>,
    /// What the install service has reported about each deployment, in order.
    reported: BTreeMap<String, Vec<String>>,
}

#[sqlx::test(migrations = "../migrations")]
async fn whatever_fails_deployments_are_sent_once_or_marked_and_progress_is_applied_once(pool: PgPool) {
    let given = env::var("STACKER_BROKER_ROUNDS").ok().map(|rounds| rounds.parse().unwrap());
    let mut rounds = Rounds::new(pool).await;
    for failure in failures(given.unwrap_or(FAILURES.len() - 1), &mut rounds.random) {
        rounds.round(failure).await;
    }
    rounds.check().await;
}

impl Rounds {
    async fn new(pool: PgPool) -> Self {
        let broker = TestBroker::alone().await;
        broker.declare_durable_install().await;
        broker.confirms().await;
        let server = Server::start(pool, &broker.settings).await;
        let ada = user("ada");
        let project = project(&server.world, &ada).await;
        let cloud = server.world.services.clouds().create(&ada, &hetzner()).await.unwrap().id;
        Self {
            broker,
            server,
            random: StdRng::seed_from_u64(SEED),
            ada,
            project,
            cloud,
            deployed: Vec::new(),
            arrived: BTreeMap::new(),
            reported: BTreeMap::new(),
        }
    }

    async fn round(&mut self, failure: Failure) {
        self.server.can_publish().await;
        let deployments = self.server.world.services.deployments();
        let meta = deployments.deploy_to_cloud(&self.ada, self.project, self.cloud, direct()).await.unwrap();
        self.deployed.push(meta);
        self.fail(failure).await;
        self.deliver_the_rest().await;
        for hash in self.received().await {
            self.report(&hash).await;
        }
    }

    async fn fail(&mut self, failure: Failure) {
        match failure {
            Failure::ConnectionCut => {
                self.server.publishing.swallow_answers();
                let delivering = self.server.delivers();
                self.server.publishing.was_sent(A_MESSAGE).await;
                self.server.publishing.cut();
                self.server.publishing.let_answers_pass();
                in_time("the delivery ends", delivering).await.unwrap();
            }
            Failure::ConfirmLost => {
                self.server.publishing.swallow_answers();
                in_time("the delivery ends", self.server.delivers()).await.unwrap();
                self.server.publishing.let_answers_pass();
                self.server.publishing.cut();
            }
            Failure::ServerKilledBeforeSending => self.kill_server().await,
            Failure::ServerKilledBeforeConfirm => {
                self.server.publishing.swallow_answers();
                let delivering = self.server.delivers();
                self.server.publishing.was_sent(A_MESSAGE).await;
                delivering.abort();
                self.kill_server().await;
            }
            Failure::QueueDeleted => {
                // Only a queue without messages can be deleted without losing any.
                for hash in self.received().await {
                    self.report(&hash).await;
                }
                self.broker.delete_queue(INSTALL).await;
                self.server.delivers().await.unwrap();
                self.broker.declare_durable_install().await;
            }
            Failure::ConsumerCut => {
                self.server.delivers().await.unwrap();
                for hash in self.received().await {
                    self.report(&hash).await;
                }
                self.server.consuming.cut();
            }
            Failure::OutOfMemory => {
                rabbitmqctl(&["set_vm_memory_high_watermark", "absolute", "1000000"]).await;
                in_time("the delivery ends", self.server.delivers()).await.unwrap();
                rabbitmqctl(&["set_vm_memory_high_watermark", "0.4"]).await;
            }
            Failure::BrokerKilled => {
                let delivering = self.server.delivers();
                kill_node().await;
                in_time("the delivery ends", delivering).await.unwrap();
                self.broker_is_back().await;
            }
            Failure::BrokerStopped => {
                rabbitmqctl(&["stop_app"]).await;
                in_time("the delivery ends", self.server.delivers()).await.unwrap();
                rabbitmqctl(&["start_app"]).await;
                self.broker_is_back().await;
            }
        }
    }

    async fn kill_server(&mut self) {
        let restarted = self.server.kill_and_restart(&self.broker.settings).await;
        self.server = restarted;
    }

    async fn broker_is_back(&mut self) {
        self.broker.reconnect().await;
        self.broker.confirms().await;
        // Nobody reports to a broker that has no queue for it yet.
        state_becomes(self.server.consumer.state(), BrokerState::is_connected).await;
    }

    /// Time passes until no message waits.
    async fn deliver_the_rest(&self) {
        until("no message waits", || async {
            self.server.delivers().await.unwrap();
            self.server.world.clock.advance(A_WHILE);
            self.waiting().await == 0
        })
        .await;
    }

    async fn waiting(&self) -> i64 {
        sqlx::query_scalar("select count(*) from outbox").fetch_one(&self.server.world.pool).await.unwrap()
    }

    /// The hashes of the deployments whose messages have reached the install service since the last call.
    async fn received(&mut self) -> Vec<String> {
        let mut hashes = Vec::new();
        while let Some(taken) = self.broker.take(INSTALL).await {
            let message: Value = serde_json::from_slice(&taken.data).unwrap();
            // The messages that only open a channel have none.
            if let Some(hash) = message["deployment_hash"].as_str() {
                // A broker that was killed may have forgotten that the message was taken. A second message would be a new one.
                if taken.redelivered && self.arrived.contains_key(hash) {
                    continue;
                }
                *self.arrived.entry(hash.to_owned()).or_default() += 1;
                hashes.push(hash.to_owned());
            }
        }
        hashes
    }

    /// Reports the whole way of a deployment. The consumer may die in the middle of it.
    async fn report(&mut self, hash: &str) {
        let dies_after = self.random.random_range(0..12);
        let steps: Vec<String> =
            (1..=self.random.random_range(4..8)).map(|step| format!("step {step}")).collect();
        for (number, step) in steps.iter().enumerate() {
            let status = if number + 1 == steps.len() { "completed" } else { "in_progress" };
            let body = json!({"deploy_id": hash, "status": status, "message": step}).to_string();
            self.broker.send(PROGRESS_EXCHANGE, PROGRESS_KEY, &body, persistent()).await;
            if number == dies_after {
                self.server.consuming.cut();
            }
        }
        self.reported.insert(hash.to_owned(), steps);
    }

    /// The steps of a deployment that were applied, in order.
    async fn applied(&self, hash: &str) -> Vec<String> {
        let deployments = self.server.world.services.deployments();
        let events = deployments.events(&self.ada, hash, 0).await.unwrap();
        let messages = events.into_iter().filter_map(|event| match event.what {
            Happened::Install { state } => state.message,
            _ => None,
        });
        messages.filter(|message| message.starts_with("step ")).collect()
    }

    async fn check(mut self) {
        self.server.can_publish().await;
        // A message that the broker held back may have arrived last.
        for hash in self.received().await {
            self.report(&hash).await;
        }
        for (hash, steps) in &self.reported {
            until("all progress is applied", || async { self.applied(hash).await.last() == steps.last() })
                .await;
        }
        let mut marked = BTreeSet::new();
        for DeployMeta { deployment_hash: hash, .. } in &self.deployed {
            let arrived = self.arrived.get(hash).copied().unwrap_or(0);
            assert!(arrived <= 1, "{hash} was sent {arrived} times");
            let deployments = self.server.world.services.deployments();
            let summary = deployments.get(&self.ada, hash).await.unwrap().summary;
            if arrived == 1 {
                assert_eq!(self.applied(hash).await, self.reported[hash]);
                assert_eq!(summary.status, DeploymentStatus::Completed);
            } else {
                let said = summary.install.unwrap().message.unwrap_or_default();
                assert!(said.contains("not known whether"), "{hash} was not sent and says: {said}");
                assert_eq!(summary.status, DeploymentStatus::Pending);
                marked.insert(hash);
            }
        }
        assert_eq!((self.waiting().await, self.broker.waiting(DEAD).await), (0, 0));
        let redelivered = self.server.redelivered();
        let steps: usize = self.reported.values().map(Vec::len).sum();
        let figures = json!({
            "rounds": self.deployed.len(),
            "sent": self.arrived.len(),
            "marked": marked.len(),
            "applied": steps,
            "redelivered": redelivered,
        });
        if let Ok(file) = env::var("BENCH_JSON") {
            fs::write(file, figures.to_string()).unwrap();
        }
        eprintln!("{figures}");
        self.server.stop().await;
    }
}

fn persistent() -> BasicProperties {
    BasicProperties::default().with_delivery_mode(2)
}
