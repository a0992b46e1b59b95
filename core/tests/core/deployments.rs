//! Deployments: one module per kind of operation. Agents are simulated by writing what they would report.

mod capabilities;
mod deploying;
mod drift;
mod events;
mod observing;
mod outcomes;
mod ownership;
mod planning;
mod removing;
mod values;

use domain::{
    access::Caller,
    api::{ApplyRequest, Command, DeployMeta, ImportProject, PlanAnswer, PlanRequest, ReplaceCompose},
    cloud::DeployBody,
    command::{Priority, State},
    deploy::{ContainerState, Health, Plan, PlanResult, ServiceState},
};
use serde_json::{Value, json};
use sqlx::Row as _;
use stacker::services::Deployments;
use uuid::Uuid;

use crate::{helpers::World, hosts::add};

pub const COMPOSE: &str = "# my stack\nservices:\n  web:\n    image: nginx:1.27 # pinned\n";
const NEXT: &str = "# my stack\nservices:\n  web:\n    image: nginx:1.28 # pinned\n";

pub async fn project(world: &World, caller: &Caller) -> i32 {
    project_of(world, caller, COMPOSE).await
}

async fn project_of(world: &World, caller: &Caller, compose: &str) -> i32 {
    let import = ImportProject { name: "My shop".to_owned(), compose: compose.to_owned() };
    world.services.projects().import(caller, import).await.unwrap().0.id
}

async fn rewrite(world: &World, caller: &Caller, project: i32, compose: &str) {
    let body = ReplaceCompose { version: None, compose: compose.to_owned() };
    world.services.projects().replace_compose(caller, project, &body.compose, None).await.unwrap();
}

/// A deployment on a host whose command the agent has not fetched yet.
pub struct Deployed {
    pub deployments: Deployments,
    pub project: i32,
    pub host: Uuid,
    pub hash: String,
    pub command_id: String,
}

pub async fn deploy(world: &World, caller: &Caller) -> Deployed {
    let (project, host) = (project(world, caller).await, add(world, caller, "attic").await);
    let deployments = world.services.deployments();
    let DeployMeta { deployment_hash, command_id, .. } =
        deployments.deploy(caller, project, DeployBody::to_host(host)).await.unwrap();
    Deployed { deployments, project, host, hash: deployment_hash, command_id: command_id.unwrap() }
}

/// A deployment whose first revision is running.
pub async fn running(world: &World, caller: &Caller) -> Deployed {
    let deployed = deploy(world, caller).await;
    let result = json!({"outcome": "deployed", "running_revision": 1, "services": [web("nginx:1.27")], "message": "up"});
    end(world, &deployed.command_id, State::Completed, Some(result), None).await;
    deployed
}

fn web(image: &str) -> ServiceState {
    ServiceState {
        service: "web".to_owned(),
        state: ContainerState::Running,
        health: Health::Healthy,
        container: Some("my-shop-1-web-1".to_owned()),
        image: Some(image.to_owned()),
        ports: vec!["8080:80/tcp".to_owned()],
        exit_code: None,
        since: None,
    }
}

async fn plan(deployed: &Deployed, caller: &Caller, revision: Option<i32>) -> PlanAnswer {
    deployed.deployments.plan(caller, &deployed.hash, PlanRequest { revision }).await.unwrap()
}

fn apply(revision: i32) -> ApplyRequest {
    ApplyRequest { revision, plan_hash: None, recreate: Vec::new() }
}

fn planned() -> PlanResult {
    PlanResult {
        plan: Plan { pulls: vec!["nginx:1.28".to_owned()], ..Plan::default() },
        plan_hash: "a".repeat(64),
    }
}

/// The agent fetches the command.
pub async fn begin(world: &World, command_id: &str) {
    let (command, revision) = change(world, command_id, State::Sent, None, None).await;
    let mut connection = world.pool.acquire().await.unwrap();
    stacker::services::deployments::outcome::command_began(
        &mut connection,
        &command,
        revision,
        world.services.context(),
    )
    .await
    .unwrap();
}

/// Ends the command as a report, an expiry or a cancellation does.
pub async fn end(world: &World, command_id: &str, state: State, result: Option<Value>, error: Option<Value>) {
    let (command, revision) = change(world, command_id, state, result, error).await;
    let mut transaction = world.pool.begin().await.unwrap();
    stacker::services::deployments::outcome::command_ended(
        &mut transaction,
        &command,
        revision,
        world.services.context(),
    )
    .await
    .unwrap();
    transaction.commit().await.unwrap();
}

async fn change(
    world: &World,
    command_id: &str,
    state: State,
    result: Option<Value>,
    error: Option<Value>,
) -> (Command, Option<i32>) {
    let lease = state.is_leased().then(|| world.services.context().clock.now());
    let row = sqlx::query(
        "update commands set status = $2, result = $3, error = $4, lease_until = $5, deliveries = 1
         where command_id = $1 returning *",
    )
    .bind(command_id)
    .bind(state.as_str())
    .bind(&result)
    .bind(&error)
    .bind(lease)
    .fetch_one(&world.pool)
    .await
    .unwrap();
    let command = Command {
        id: row.get("id"),
        command_id: command_id.to_owned(),
        deployment_hash: row.get("deployment_hash"),
        r#type: row.get::<String, _>("type").into(),
        status: state,
        priority: Priority::Normal,
        parameters: row.get("parameters"),
        result,
        error,
        created_by: row.get("created_by"),
        created_at: row.get("created_at"),
        updated_at: row.get("updated_at"),
        timeout_seconds: None,
        metadata: None,
        scheduled_for: None,
        sent_at: None,
        started_at: None,
        completed_at: None,
        deliveries: 1,
    };
    (command, row.get("revision"))
}

/// The parameters that the agent would receive.
async fn parameters(world: &World, command_id: &str) -> Value {
    sqlx::query_scalar("select parameters from commands where command_id = $1")
        .bind(command_id)
        .fetch_one(&world.pool)
        .await
        .unwrap()
}

async fn count(world: &World, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(&world.pool).await.unwrap()
}
