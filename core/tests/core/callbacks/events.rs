//! What is written when something happens.

use std::sync::Arc;

use chrono::TimeDelta;
use domain::{
    api::{RemoveDeployment, ReportCommand},
    callback::{CallbackEvent, CreateCallback},
    cloud::DeployBody,
    command::State,
};
use serde_json::json;
use sqlx::PgPool;
use stacker::{
    connectors::{broker::FakeBroker, cloud_api::FakeCloudApi},
    services::deployments::outcome,
};

use super::{Calling, all, body, events, log, subscribe};
use crate::{
    commands::world::{HASH, deployment, enqueue, let_in, poll, register, report, taken},
    deployments::{begin, deploy, end, project, running},
    helpers::{World, user},
};

fn only(event: CallbackEvent) -> CreateCallback {
    CreateCallback { events: vec![event.as_str().to_owned()], ..all() }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_deployment_is_reported_from_its_start_to_its_end(pool: PgPool) {
    let calling = Calling::new(pool);
    let id = calling.subscribe().await.id;
    let deployed = deploy(&calling.world, &calling.ada).await;
    begin(&calling.world, &deployed.command_id).await;
    let result = json!({"outcome": "deployed", "running_revision": 1, "services": [], "message": "up"});
    end(&calling.world, &deployed.command_id, State::Completed, Some(result), None).await;
    let log = calling.log(id).await;
    assert_eq!(events(&log), ["deployment.started", "deployment.completed"]);
    let said = body(&log[0]);
    assert_eq!(said["event"], "deployment.completed");
    assert_eq!(said["id"], log[0].id.to_string());
    assert_eq!(said["deployment_hash"], deployed.hash);
    assert_eq!(said["project_id"], deployed.project);
    assert_eq!((&said["status"], &said["message"]), (&json!("completed"), &json!("up")));
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_rolled_back_is_not_reported(pool: PgPool) {
    let calling = Calling::new(pool);
    let id = calling.subscribe().await.id;
    let deployed = deploy(&calling.world, &calling.ada).await;
    let commands = calling.world.services.commands();
    let mut command = commands.get(&calling.ada, &deployed.hash, &deployed.command_id).await.unwrap();
    command.status = State::Failed;
    let mut transaction = calling.world.pool.begin().await.unwrap();
    let context = calling.world.services.context();
    outcome::command_ended(&mut transaction, &command, Some(1), context).await.unwrap();
    transaction.rollback().await.unwrap();
    assert!(calling.log(id).await.is_empty());
}

#[sqlx::test(migrations = "../migrations")]
async fn a_removed_deployment_is_reported(pool: PgPool) {
    let calling = Calling::new(pool);
    let id = subscribe(&calling.world, &calling.ada, only(CallbackEvent::DeploymentRemoved)).await.id;
    let deployed = deploy(&calling.world, &calling.ada).await;
    let request = RemoveDeployment::default();
    deployed.deployments.remove(&calling.ada, &deployed.hash, request).await.unwrap();
    assert_eq!(events(&calling.log(id).await), ["deployment.removed"]);
}

#[sqlx::test(migrations = "../migrations")]
async fn only_enabled_subscriptions_of_the_owner_to_this_project_and_event_are_told(pool: PgPool) {
    let calling = Calling::new(pool);
    let (world, ada) = (&calling.world, &calling.ada);
    let other_project = project(world, ada).await;
    let of_bob = subscribe(world, &user("bob"), all()).await.id;
    let of_other =
        subscribe(world, ada, CreateCallback { project_id: Some(other_project), ..all() }).await.id;
    let of_failures = subscribe(world, ada, only(CallbackEvent::DeploymentFailed)).await.id;
    let of_all = calling.subscribe().await.id;
    running(world, ada).await;
    assert_eq!(events(&calling.log(of_all).await), ["deployment.completed"]);
    for id in [of_other, of_failures] {
        assert!(calling.log(id).await.is_empty());
    }
    assert!(log(world, &user("bob"), of_bob).await.is_empty());
}

#[sqlx::test(migrations = "../migrations")]
async fn progress_that_still_waits_is_replaced(pool: PgPool) {
    let clouds = Arc::new(FakeCloudApi::default());
    let world = World::with_clouds(pool, Arc::new(FakeBroker::default()), clouds);
    let ada = user("ada");
    let id = subscribe(&world, &ada, all()).await.id;
    let shop = project(&world, &ada).await;
    let deployments = world.services.deployments();
    let meta = deployments.deploy(&ada, shop, DeployBody::own()).await.unwrap();
    let report = async |percent: i32, status: &str| {
        let report = json!({"deploy_id": meta.deployment_hash, "status": status, "progress": percent, "message": "step"});
        deployments.progressed(report.to_string().as_bytes(), false).await.unwrap();
    };
    for percent in [10, 20, 30] {
        report(percent, "in_progress").await;
    }
    let waiting = log(&world, &ada, id).await;
    assert_eq!(events(&waiting), ["deployment.started", "deployment.progress"]);
    assert_eq!(body(&waiting[0])["progress"], 30);
    world.services.callbacks().deliver().await.unwrap();
    report(40, "in_progress").await;
    report(100, "completed").await;
    let all = log(&world, &ada, id).await;
    let expected =
        ["deployment.started", "deployment.progress", "deployment.progress", "deployment.completed"];
    assert_eq!(events(&all), expected);
}

#[sqlx::test(migrations = "../migrations")]
async fn an_agent_that_goes_silent_is_reported_once_with_its_host(pool: PgPool) {
    let calling = Calling::new(pool);
    let id = calling.subscribe().await.id;
    let host = crate::hosts::add(&calling.world, &calling.ada, "attic").await;
    sqlx::query(
        "insert into agents (id, channel, host_id, token_hash, status, last_heartbeat, created_at, updated_at)
         values (gen_random_uuid(), 'host_' || $1::uuid::text, $1, sha256('t'), 'online', $2, $2, $2)
         on conflict (channel) do update set status = 'online', last_heartbeat = $2",
    )
    .bind(host)
    .bind(chrono::DateTime::<chrono::Utc>::UNIX_EPOCH)
    .execute(&calling.world.pool)
    .await
    .unwrap();
    let agents = calling.world.services.agents();
    agents.mark_offline().await.unwrap();
    calling.world.clock.advance(TimeDelta::seconds(15));
    agents.mark_offline().await.unwrap();
    let log = calling.log(id).await;
    assert_eq!(events(&log), ["agent.offline"]);
    assert_eq!(body(&log[0])["host"], "attic");
}

#[sqlx::test(migrations = "../migrations")]
async fn an_agent_that_comes_and_the_ends_of_its_commands_are_reported(pool: PgPool) {
    let calling = Calling::new(pool);
    let id = calling.subscribe().await.id;
    let services = &calling.world.services;
    deployment(&calling.world.pool, "ada", HASH, None).await;
    let registered = register(services, HASH).await;
    let agent = let_in(services, registered.agent_id, &registered.token.unwrap()).await;
    services.agents().record_sightings().await.unwrap();
    for status in ["success", "failed"] {
        enqueue(services, "backup").await;
        let command = taken(poll(services, &agent).await).unwrap();
        let report =
            ReportCommand { result: Some(json!({"password": "hunter2"})), ..report(&command, status) };
        services.commands().report(&agent, report, None).await.unwrap();
    }
    services.agents().record_sightings().await.unwrap();
    let log = calling.log(id).await;
    assert_eq!(events(&log), ["agent.online", "command.completed", "command.failed"]);
    let (failed, online) = (body(&log[0]), body(&log[2]));
    assert_eq!((&failed["type"], &failed["deployment_hash"]), (&json!("backup"), &json!(HASH)));
    assert_eq!(online["agent_id"], registered.agent_id.to_string());
    assert!(log.iter().all(|delivery| !delivery.body.contains("hunter2")));
}
