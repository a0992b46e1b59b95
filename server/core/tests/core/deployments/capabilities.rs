use domain::api::AgentStatus;
use sqlx::PgPool;
use stacker::services::DeploymentError;

use super::deploy;
use crate::helpers::{World, user};

#[sqlx::test(migrations = "../../migrations")]
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
