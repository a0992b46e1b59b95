//! A deployment with an agent, and servers on one database.

use std::time::Duration;

use domain::api::{Command, CreateCommand, ReportCommand};
use secrecy::SecretString;
use serde_json::json;
use sqlx::PgPool;
use stacker::{
    db::Pool,
    jobs::Jobs,
    services::{AgentCredentials, KnownAgent, Poll, Registered, Services, Signature},
};
use uuid::Uuid;

use crate::helpers::{World, user};

pub const HASH: &str = "dep-1";

/// Long enough for a busy machine; a test that passes does not wait for it.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Inserts a live deployment directly, because deploying is tested elsewhere.
pub async fn deployment(pool: &Pool, owner: &str, hash: &str, host: Option<Uuid>) {
    sqlx::query(
        "with made as (
            insert into project (stack_id, user_id, name, compose, services, metadata, request_json, created_at, updated_at)
            values (gen_random_uuid(), $1, 'p', 'services: {}', '{}', '{}', '{}', now(), now())
            returning id
        )
        insert into deployment (project_id, user_id, deployment_hash, metadata, status, host_id, created_at, updated_at)
        select id, $1, $2, '{}', 'pending', $3, now(), now() from made",
    )
    .bind(owner)
    .bind(hash)
    .bind(host)
    .execute(pool)
    .await
    .unwrap();
}

pub async fn host(pool: &Pool, owner: &str) -> Uuid {
    sqlx::query_scalar(
        "insert into host (id, user_id, name, created_at) values (gen_random_uuid(), $1, 'h', now()) returning id",
    )
    .bind(owner)
    .fetch_one(pool)
    .await
    .unwrap()
}

pub async fn register(services: &Services, hash: &str) -> Registered {
    let request = domain::api::RegisterAgent {
        deployment_hash: hash.to_owned(),
        capabilities: vec!["docker".to_owned(), "cancel".to_owned()],
        ..Default::default()
    };
    services.agents().register(&request, None, None).await.unwrap()
}

pub async fn let_in(services: &Services, id: Uuid, token: &SecretString) -> KnownAgent {
    let credentials = AgentCredentials {
        agent_id: id,
        bearer: token,
        signature: Signature::default(),
        body: b"",
        address: None,
        look_up_again: true,
    };
    services.agents().authenticate(&credentials).await.unwrap()
}

/// `ada` has a deployment, and its agent has registered.
pub async fn with_agent(pool: PgPool) -> (World, KnownAgent) {
    let world = World::of(pool);
    deployment(&world.pool, "ada", HASH, None).await;
    let registered = register(&world.services, HASH).await;
    let agent = let_in(&world.services, registered.agent_id, &registered.token.unwrap()).await;
    (world, agent)
}

pub fn command(name: &str) -> CreateCommand {
    CreateCommand {
        deployment_hash: HASH.to_owned(),
        command_type: name.to_owned(),
        parameters: Some(json!({"app_code": "web", "command": "true"})),
        ..CreateCommand::default()
    }
}

pub async fn enqueue(services: &Services, name: &str) -> Command {
    services.commands().create(&user("ada"), command(name)).await.unwrap()
}

/// Polls for the queued command without waiting.
pub async fn poll(services: &Services, agent: &KnownAgent) -> Poll {
    services.commands().look_for_work().await.unwrap();
    services.commands().wait(agent, &agent.channel, Duration::ZERO, None).await.unwrap()
}

/// The command in the answer, which then counts as received by the agent.
pub fn taken(poll: Poll) -> Option<Command> {
    poll.found.map(|mut delivery| {
        delivery.written();
        delivery.command.clone()
    })
}

pub fn report(command: &Command, status: &str) -> ReportCommand {
    ReportCommand {
        command_id: command.command_id.clone(),
        deployment_hash: command.deployment_hash.clone(),
        status: status.to_owned(),
        command_status: None,
        completed_at: command.created_at,
        started_at: None,
        result: None,
        error: None,
        errors: None,
    }
}

/// Starts the jobs of a server and waits until it listens. Tests end with `finish`: the connections of jobs that still run would
/// delay the removal of the database by five seconds.
pub async fn start(services: &Services) -> Jobs {
    let jobs = Jobs::start(services.clone());
    until("the server listens", || async { services.hub().is_listening() }).await;
    jobs
}

/// Checks the condition repeatedly, and panics if it does not become true in time.
pub async fn until<F: Future<Output = bool>>(what: &str, mut holds: impl FnMut() -> F) {
    let asked = async {
        let mut ticks = tokio::time::interval(Duration::from_millis(5));
        loop {
            ticks.tick().await;
            if holds().await {
                return;
            }
        }
    };
    assert!(tokio::time::timeout(PATIENCE, asked).await.is_ok(), "{what}: did not happen");
}
