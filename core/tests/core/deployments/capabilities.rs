use domain::{
    api::{AgentStatus, CreateCommand, RegisterAgent},
    cloud::DeployBody,
};
use serde_json::json;
use sqlx::PgPool;
use stacker::services::DeploymentError;

use super::deploy;
use crate::helpers::{World, user};

#[sqlx::test(migrations = "../migrations")]
async fn without_an_agent_nothing_is_offered_and_with_one_what_it_can_do(pool: PgPool) {
    let world = World::of(pool);
    let ada = user("ada");
    let deployed = deploy(&world, &ada).await;
    let none = deployed.deployments.capabilities(&ada, &deployed.hash).await.unwrap();
    assert_eq!((none.status, none.agent_id, none.commands.len()), (AgentStatus::Offline, None, 0));

    sqlx::query(
        "insert into agents (id, channel, host_id, token_hash, capabilities, version, status, created_at, updated_at)
         values (gen_random_uuid(), 'host_' || $1::text, $1, sha256('x'), '[\"docker\", \"logs\"]', '0.4.0', 'online', now(), now())",
    )
    .bind(deployed.host)
    .execute(&world.pool)
    .await
    .unwrap();
    let some = deployed.deployments.capabilities(&ada, &deployed.hash).await.unwrap();
    let types: Vec<_> = some.commands.iter().map(|command| command.command_type.as_str()).collect();
    assert_eq!(types, ["restart", "start", "stop", "pause", "logs"]);
    assert_eq!((some.status, some.version.as_deref()), (AgentStatus::Online, Some("0.4.0")));

    let foreign = deployed.deployments.capabilities(&user("bob"), &deployed.hash).await;
    assert!(matches!(foreign, Err(DeploymentError::NotFound(_))));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_deployment_shows_also_an_agent_of_others(pool: PgPool) {
    let world = World::of(pool);
    let ada = user("ada");
    let project = super::project(&world, &ada).await;
    let form = DeployBody::own();
    let deployments = world.services.deployments();
    let hash = deployments.deploy(&ada, project, form).await.unwrap().deployment_hash;
    assert_eq!(deployments.get(&ada, &hash).await.unwrap().agent, None);
    let request = RegisterAgent {
        deployment_hash: hash.clone(),
        agent_version: Some("0.2.1".to_owned()),
        ..RegisterAgent::default()
    };
    world.services.agents().register(&request, None, None).await.unwrap();
    let agent = deployments.get(&ada, &hash).await.unwrap().agent.unwrap();
    assert_eq!((agent.version.as_deref(), agent.is_local, agent.deployments), (Some("0.2.1"), false, 1));
}

#[sqlx::test(migrations = "../migrations")]
async fn looking_is_no_work(pool: PgPool) {
    let world = World::of(pool);
    let ada = user("ada");
    let deployed = super::running(&world, &ada).await;
    for (name, is_work) in [("stacker.logs", false), ("cancel", false), ("restart", true)] {
        let new = CreateCommand {
            deployment_hash: deployed.hash.clone(),
            command_type: name.to_owned(),
            parameters: Some(json!({"app_code": "web", "command_id": "cmd_0"})),
            ..CreateCommand::default()
        };
        world.services.commands().create(&ada, new).await.unwrap();
        let detail = deployed.deployments.get(&ada, &deployed.hash).await.unwrap();
        assert_eq!(detail.running_command.is_some(), is_work, "{name}");
    }
}
