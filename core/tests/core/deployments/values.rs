//! Values travel with a deployment: sealed with the revision, and in the command only on its way to the agent.

use std::{collections::BTreeMap, time::Duration};

use domain::{
    access::Caller,
    api::{Command, RegisterAgent},
    cloud::DeployBody,
    command::State,
    stack::SecretText,
};
use serde_json::{Value, json, to_value};
use sqlx::PgPool;
use stacker::services::KnownAgent;

use super::{apply, end, parameters, plan, planned, project_of};
use crate::{
    commands::world::let_in,
    helpers::{World, user},
    hosts::add,
};

const TEXT: &str =
    "services:\n  web:\n    image: nginx:1.27\n    environment:\n      PASSWORD: ${PASSWORD}\n";

async fn set(world: &World, ada: &Caller, project: i32, name: &str, text: &str) {
    let values = BTreeMap::from([(name.to_owned(), Some(SecretText::new(text)))]);
    world.services.projects().set_env(ada, project, None, values).await.unwrap();
}

/// What the agent of the host receives next.
async fn fetch(world: &World, agent: &KnownAgent) -> Command {
    world.services.commands().look_for_work().await.unwrap();
    let poll = world.services.commands().wait(agent, &agent.channel, Duration::ZERO, None).await.unwrap();
    let mut delivery = poll.found.unwrap();
    delivery.written();
    delivery.command.clone()
}

#[sqlx::test(migrations = "../migrations")]
async fn a_deployment_takes_along_what_its_text_reads_and_the_way_back_takes_what_it_read_then(pool: PgPool) {
    let world = World::of(pool);
    let ada = user("ada");
    let deployments = world.services.deployments();
    let project = project_of(&world, &ada, TEXT).await;
    set(&world, &ada, project, "PASSWORD", "hunter2-first").await;
    set(&world, &ada, project, "UNUSED", "hunter2-unused").await;
    let host = add(&world, &ada, "attic").await;
    let code = world.services.hosts().enrol(&ada, host).await.unwrap().code;
    let request = RegisterAgent { enrolment_code: Some(code), ..RegisterAgent::default() };
    let registered = world.services.agents().register(&request, None, None).await.unwrap();
    let agent = let_in(&world.services, registered.agent_id, &registered.token.unwrap()).await;

    let made = deployments.deploy(&ada, project, DeployBody::to_host(host)).await.unwrap();
    let command_id = made.command_id.unwrap();
    let received = fetch(&world, &agent).await;
    assert_eq!(received.command_id, command_id);
    assert_eq!(received.parameters["variables"], json!({"PASSWORD": "hunter2-first"}));
    assert_eq!(parameters(&world, &command_id).await.get("variables"), None);
    let result = json!({"outcome": "deployed", "running_revision": 1, "message": "up"});
    end(&world, &command_id, State::Completed, Some(result.clone()), None).await;

    // Another value of the same text is another revision with another plan.
    let hash = made.deployment_hash;
    let deployed = super::Deployed { deployments, project, host, hash, command_id };
    let same = plan(&deployed, &ada, None).await;
    assert_eq!(plan(&deployed, &ada, None).await.revision, same.revision);
    end(&world, &same.command_id, State::Completed, Some(to_value(planned()).unwrap()), None).await;
    set(&world, &ada, project, "PASSWORD", "hunter2-second").await;
    let second = plan(&deployed, &ada, None).await;
    assert_eq!(second.revision, same.revision + 1);
    let asked = fetch(&world, &agent).await;
    assert_eq!(
        (asked.command_id.as_str(), &asked.parameters["variables"]),
        (second.command_id.as_str(), &json!({"PASSWORD": "hunter2-second"}))
    );
    end(&world, &second.command_id, State::Completed, Some(to_value(planned()).unwrap()), None).await;
    // What was agreed to is sent, whatever the project has become meanwhile.
    set(&world, &ada, project, "PASSWORD", "hunter2-third").await;
    let started = deployed.deployments.apply(&ada, &deployed.hash, apply(second.revision)).await.unwrap();
    assert_eq!(fetch(&world, &agent).await.parameters["variables"], json!({"PASSWORD": "hunter2-second"}));
    end(&world, &started.command_id, State::Completed, Some(result), None).await;

    let back = plan(&deployed, &ada, Some(1)).await;
    let asked = fetch(&world, &agent).await;
    assert_eq!(
        (asked.command_id, &asked.parameters["variables"]),
        (back.command_id, &json!({"PASSWORD": "hunter2-first"}))
    );

    for table in ["commands", "deployment_event", "deployment_revision", "audit_log", "outbox"] {
        let rows: Option<Value> =
            sqlx::query_scalar(sqlx::AssertSqlSafe(format!("select jsonb_agg(to_jsonb(t)) from {table} t")))
                .fetch_one(&world.pool)
                .await
                .unwrap();
        assert!(!rows.unwrap_or_default().to_string().contains("hunter2"), "{table}");
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_project_that_never_had_values_leaves_those_of_the_host_alone(pool: PgPool) {
    let world = World::of(pool);
    let ada = user("ada");
    let deployed = super::deploy(&world, &ada).await;
    let count = "select count(*) from deployment_revision where values_sealed is null";
    assert_eq!(super::count(&world, count).await, 1);
    assert_eq!(parameters(&world, &deployed.command_id).await.get("variables"), None);
}
