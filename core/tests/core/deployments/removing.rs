use domain::{api::RemoveDeployment, cloud::DeployBody, command::State, deploy::DeploymentStatus};
use serde_json::json;
use sqlx::PgPool;
use stacker::services::DeploymentError;

use super::{apply, count, deploy, end, parameters, plan, project, running};
use crate::helpers::{World, user};

#[sqlx::test(migrations = "../migrations")]
async fn a_running_stack_is_taken_down_by_its_agent_and_volumes_stay_unless_named(pool: PgPool) {
    let world = World::of(pool);
    let ada = user("ada");
    let deployed = running(&world, &ada).await;
    let request = RemoveDeployment { volumes: vec!["shop_files".to_owned()] };
    let started = deployed.deployments.remove(&ada, &deployed.hash, request).await.unwrap().unwrap();
    assert_eq!(parameters(&world, &started.command_id).await["volumes"], json!(["shop_files"]));
    let twice = deployed.deployments.remove(&ada, &deployed.hash, RemoveDeployment::default()).await;
    assert!(matches!(twice, Err(DeploymentError::Busy)));

    end(&world, &started.command_id, State::Completed, Some(json!({})), None).await;
    let now = deployed.deployments.get(&ada, &deployed.hash).await.unwrap();
    assert_eq!((now.summary.status, now.summary.running_revision), (DeploymentStatus::Removed, None));
    assert!(now.services.is_empty());
    let again = deployed.deployments.remove(&ada, &deployed.hash, RemoveDeployment::default()).await;
    assert!(matches!(again, Err(DeploymentError::Ended)));
    world.services.projects().delete(&ada, deployed.project, None).await.unwrap();
}

#[sqlx::test(migrations = "../migrations")]
async fn a_removal_that_failed_leaves_everything_as_it_was(pool: PgPool) {
    let world = World::of(pool);
    let ada = user("ada");
    let deployed = running(&world, &ada).await;
    let started = deployed
        .deployments
        .remove(&ada, &deployed.hash, RemoveDeployment::default())
        .await
        .unwrap()
        .unwrap();
    end(&world, &started.command_id, State::Failed, None, Some(json!("no engine"))).await;
    let now = deployed.deployments.get(&ada, &deployed.hash).await.unwrap();
    assert_eq!((now.summary.status, now.summary.running_revision), (DeploymentStatus::Completed, Some(1)));
}

#[sqlx::test(migrations = "../migrations")]
async fn what_no_agent_ever_had_in_hand_is_removed_at_once(pool: PgPool) {
    let world = World::of(pool);
    let ada = user("ada");
    let deployed = deploy(&world, &ada).await;
    let removed =
        deployed.deployments.remove(&ada, &deployed.hash, RemoveDeployment::default()).await.unwrap();
    assert_eq!(removed, None);
    // It was never deployed, so nothing of it is left to see.
    let gone = deployed.deployments.get(&ada, &deployed.hash).await;
    assert!(matches!(gone, Err(DeploymentError::NotFound("deployment"))));
    assert_eq!(count(&world, "select count(*) from deployment where status = 'removed'").await, 1);
    assert_eq!(count(&world, "select count(*) from commands where status = 'cancelled'").await, 1);

    let form = DeployBody::own();
    let project = project(&world, &ada).await;
    let waiting = deployed.deployments.deploy(&ada, project, form).await.unwrap().deployment_hash;
    assert_eq!(deployed.deployments.remove(&ada, &waiting, RemoveDeployment::default()).await.unwrap(), None);
    let all = deployed.deployments.list(&ada, Default::default(), Default::default()).await.unwrap();
    assert!(all.items.is_empty());
}

#[sqlx::test(migrations = "../migrations")]
async fn a_removed_stack_is_neither_planned_nor_deployed_again(pool: PgPool) {
    let world = World::of(pool);
    let ada = user("ada");
    let deployed = running(&world, &ada).await;
    let revision = plan(&deployed, &ada, None).await.revision;
    sqlx::query("update deployment set status = 'removed'").execute(&world.pool).await.unwrap();
    let applied = deployed.deployments.apply(&ada, &deployed.hash, apply(revision)).await;
    assert!(matches!(applied, Err(DeploymentError::Ended)));
}

#[sqlx::test(migrations = "../migrations")]
async fn names_that_no_volume_has_are_refused(pool: PgPool) {
    let world = World::of(pool);
    let ada = user("ada");
    let deployed = running(&world, &ada).await;
    for volumes in [vec![String::new()], vec!["x".repeat(256)], vec!["x".to_owned(); 201]] {
        let answer = deployed.deployments.remove(&ada, &deployed.hash, RemoveDeployment { volumes }).await;
        assert!(matches!(answer, Err(DeploymentError::Invalid { .. })));
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_stack_whose_commands_are_forgotten_is_still_taken_down_by_its_agent(pool: PgPool) {
    let world = World::of(pool);
    let ada = user("ada");
    let deployed = running(&world, &ada).await;
    for sql in
        ["delete from commands", "update deployment set running_revision = null", "delete from commands"]
    {
        sqlx::query(sql).execute(&world.pool).await.unwrap();
        let removing = deployed.deployments.remove(&ada, &deployed.hash, RemoveDeployment::default()).await;
        assert!(matches!(removing, Ok(Some(_)) | Err(DeploymentError::Busy)), "{sql}: {removing:?}");
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_removed_at_once_leaves_nothing_at_work_and_stands_in_the_audit_log(pool: PgPool) {
    let world = World::of(pool);
    let ada = user("ada");
    let deployed = deploy(&world, &ada).await;
    deployed.deployments.remove(&ada, &deployed.hash, RemoveDeployment::default()).await.unwrap();
    assert_eq!(
        count(&world, "select count(*) from deployment_revision where outcome = 'cancelled'").await,
        1
    );
    for action in ["command.cancelled", "deployment.removed"] {
        let lines: i64 =
            sqlx::query_scalar("select count(*) from audit_log where action = $1 and user_id = 'ada'")
                .bind(action)
                .fetch_one(&world.pool)
                .await
                .unwrap();
        assert_eq!(lines, 1, "{action}");
    }
}
