use chrono::TimeDelta;
use domain::{
    api::{PlanRequest, RemoveDeployment, RevisionOutcome},
    cloud::{CloudBody, DeployBody},
    deploy::DeploymentStatus,
};
use serde_json::json;
use sqlx::PgPool;
use stacker::services::{AccountLimit, DeploymentError, DeploymentFilter, LiveDeployments, Page};

use super::{COMPOSE, apply, count, deploy, parameters, plan, project, project_of, running};
use crate::{
    helpers::{World, user},
    hosts::add,
};

#[sqlx::test(migrations = "../migrations")]
async fn without_a_host_a_deployment_waits_for_an_agent_and_nobody_is_told_anything(pool: PgPool) {
    let world = World::of(pool);
    let (deployments, ada) = (world.services.deployments(), user("ada"));
    let project = project(&world, &ada).await;
    let body = json!({"stack": {}, "server": {}, "cloud": {"provider": "own", "cloud_token": "s3cret"}});
    let meta = deployments.deploy(&ada, project, DeployBody::parse(&body).unwrap()).await.unwrap();
    assert!(meta.deployment_hash.starts_with("deployment_") && meta.command_id.is_none());
    let detail = deployments.get(&ada, &meta.deployment_hash).await.unwrap();
    assert_eq!(detail.summary.status, DeploymentStatus::Pending);
    assert_eq!((detail.summary.host, detail.revisions.len()), (None, 0));
    assert_eq!(count(&world, "select count(*) from commands").await, 0);
    let kept: String = sqlx::query_scalar("select string_agg(d::text, '') from deployment d")
        .fetch_one(&world.pool)
        .await
        .unwrap();
    assert!(!kept.contains("s3cret"));
}

#[sqlx::test(migrations = "../migrations")]
async fn with_a_host_its_agent_is_told_the_text_byte_for_byte(pool: PgPool) {
    let world = World::of(pool);
    let ada = user("ada");
    let deployed = deploy(&world, &ada).await;
    let told = parameters(&world, &deployed.command_id).await;
    assert_eq!((told["compose"].as_str(), told["revision"].as_i64()), (Some(COMPOSE), Some(1)));
    let detail = deployed.deployments.get(&ada, &deployed.hash).await.unwrap();
    assert_eq!(told["stack"], detail.summary.stack);
    assert_eq!(detail.summary.stack, format!("my-shop-{}", detail.summary.id));
    assert_eq!(detail.revisions[0].outcome, RevisionOutcome::InProgress);
    assert_eq!(detail.running_command.unwrap().command_id, deployed.command_id);
    let channel: String =
        sqlx::query_scalar("select channel from commands").fetch_one(&world.pool).await.unwrap();
    assert_eq!(channel, format!("host_{}", deployed.host));
    assert_eq!(count(&world, "select count(*) from audit_log where action = 'command.enqueued'").await, 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_cloud_is_refused_after_the_owner_was_asked_for(pool: PgPool) {
    let world = World::of(pool);
    let (deployments, ada) = (world.services.deployments(), user("ada"));
    let project = project(&world, &ada).await;
    let cloud = || DeployBody {
        cloud: CloudBody { provider: "htz".to_owned(), ..CloudBody::default() },
        ..DeployBody::own()
    };
    let refused = deployments.deploy(&ada, project, cloud()).await;
    assert!(matches!(refused, Err(DeploymentError::CloudNotConfigured)));
    let saved = deployments.deploy_to_cloud(&ada, project, 7, cloud()).await;
    assert!(matches!(saved, Err(DeploymentError::CloudNotConfigured)));
    let foreign = deployments.deploy(&user("bob"), project, cloud()).await;
    assert!(matches!(foreign, Err(DeploymentError::NotFound("project"))));
    let foreign = deployments.deploy_to_cloud(&user("bob"), project, 7, cloud()).await;
    assert!(matches!(foreign, Err(DeploymentError::NotFound("project"))));
    assert_eq!(count(&world, "select count(*) from deployment").await, 0);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_stack_that_cannot_run_reaches_no_host(pool: PgPool) {
    let world = World::of(pool);
    let (deployments, ada) = (world.services.deployments(), user("ada"));
    let host = add(&world, &ada, "attic").await;
    let empty = project_of(&world, &ada, "").await;
    let refused = deployments.deploy(&ada, empty, DeployBody::to_host(host)).await;
    assert!(matches!(refused, Err(DeploymentError::StackEmpty)));
    let wrong = project_of(&world, &ada, "services:\n  web: {depends_on: [db]}\n").await;
    let refused = deployments.deploy(&ada, wrong, DeployBody::to_host(host)).await;
    let Err(DeploymentError::StackHasErrors { findings }) = refused else { panic!("deployed") };
    assert!(findings.iter().any(|finding| finding.service.as_deref() == Some("web")));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_host_of_others_or_a_revoked_one_is_not_there(pool: PgPool) {
    let world = World::of(pool);
    let (deployments, ada) = (world.services.deployments(), user("ada"));
    let project = project(&world, &ada).await;
    let of_bob = add(&world, &user("bob"), "cellar").await;
    let refused = deployments.deploy(&ada, project, DeployBody::to_host(of_bob)).await;
    assert!(matches!(refused, Err(DeploymentError::NotFound("host"))));
    let revoked = add(&world, &ada, "attic").await;
    world.services.hosts().revoke(&ada, revoked, None, LiveDeployments::Refuse).await.unwrap();
    let refused = deployments.deploy(&ada, project, DeployBody::to_host(revoked)).await;
    assert!(matches!(refused, Err(DeploymentError::NotFound("host"))));
    assert_eq!(count(&world, "select count(*) from deployment").await, 0);
}

#[sqlx::test(migrations = "../migrations")]
async fn looking_at_a_plan_leaves_no_record(pool: PgPool) {
    let world = World::of(pool);
    let (deployments, ada) = (world.services.deployments(), user("ada"));
    let (project, host) = (project(&world, &ada).await, add(&world, &ada, "attic").await);
    let looked = deployments.prepare(&ada, project, host).await.unwrap().deployment_hash;
    let asked = deployments.plan(&ada, &looked, PlanRequest::default()).await.unwrap();
    // While somebody looks, it is in no list and counts nowhere.
    let all = deployments.list(&ada, Page::default(), DeploymentFilter::default()).await.unwrap();
    assert!(all.items.is_empty());
    let hosts = world.services.hosts();
    assert_eq!(hosts.get(&ada, host).await.unwrap().deployments, 0);

    let stranger = deployments.discard_plan(&user("bob"), &looked, None).await;
    assert!(matches!(stranger, Err(DeploymentError::NotFound("deployment"))));
    deployments.discard_plan(&ada, &looked, Some(asked.revision)).await.unwrap();
    for rows in [
        "select count(*) from deployment",
        "select count(*) from deployment_revision",
        "select count(*) from commands",
        "select count(*) from deployment_event",
    ] {
        assert_eq!(count(&world, rows).await, 0, "{rows}");
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_plan_that_was_applied_is_a_deployment_and_stays(pool: PgPool) {
    let world = World::of(pool);
    let (deployments, ada) = (world.services.deployments(), user("ada"));
    let (project, host) = (project(&world, &ada).await, add(&world, &ada, "attic").await);
    let looked = deployments.prepare(&ada, project, host).await.unwrap().deployment_hash;
    let asked = deployments.plan(&ada, &looked, PlanRequest::default()).await.unwrap();
    deployments.apply(&ada, &looked, apply(asked.revision)).await.unwrap();
    // The page that was closed right after the click changes nothing any more.
    deployments.discard_plan(&ada, &looked, Some(asked.revision)).await.unwrap();
    let all = deployments.list(&ada, Page::default(), DeploymentFilter::default()).await.unwrap();
    assert_eq!(all.items.len(), 1);
    assert_eq!(world.services.hosts().get(&ada, host).await.unwrap().deployments, 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn what_was_only_prepared_is_deleted_after_a_day_and_hinders_nothing_before(pool: PgPool) {
    let world = World::of(pool);
    let (deployments, ada) = (world.services.deployments(), user("ada"));
    let (project, host) = (project(&world, &ada).await, add(&world, &ada, "attic").await);
    let looked = deployments.prepare(&ada, project, host).await.unwrap().deployment_hash;
    deployments.plan(&ada, &looked, PlanRequest::default()).await.unwrap();
    world.clock.advance(TimeDelta::hours(23));
    deployments.discard_expired().await.unwrap();
    assert_eq!(count(&world, "select count(*) from deployment").await, 1);
    world.clock.advance(TimeDelta::hours(2));
    deployments.discard_expired().await.unwrap();
    assert_eq!(count(&world, "select count(*) from deployment").await, 0);
    assert_eq!(count(&world, "select count(*) from commands").await, 0);

    deployments.prepare(&ada, project, host).await.unwrap();
    world.services.projects().delete(&ada, project, None).await.unwrap();
    assert_eq!(count(&world, "select count(*) from deployment").await, 0);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_look_at_a_later_plan_leaves_no_revision(pool: PgPool) {
    let world = World::of(pool);
    let ada = user("ada");
    let deployed = running(&world, &ada).await;
    let asked = plan(&deployed, &ada, None).await;
    deployed.deployments.discard_plan(&ada, &deployed.hash, Some(asked.revision)).await.unwrap();
    let detail = deployed.deployments.get(&ada, &deployed.hash).await.unwrap();
    assert_eq!(detail.revisions.iter().map(|it| it.number).collect::<Vec<_>>(), [1]);
    // What ran goes on running, and its revision is not discarded.
    deployed.deployments.discard_plan(&ada, &deployed.hash, Some(1)).await.unwrap();
    assert_eq!(deployed.deployments.get(&ada, &deployed.hash).await.unwrap(), detail);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_project_may_be_deployed_many_times_and_is_listed_page_by_page(pool: PgPool) {
    let world = World::of(pool);
    let ada = user("ada");
    let deployed = deploy(&world, &ada).await;
    let deployments = &deployed.deployments;
    for _ in 0..2 {
        deployments.deploy(&ada, deployed.project, DeployBody::to_host(deployed.host)).await.unwrap();
    }
    let page = |after| Page { limit: Some(2), after };
    let first = deployments.list(&ada, page(None), DeploymentFilter::default()).await.unwrap();
    let second = deployments.list(&ada, page(first.next), DeploymentFilter::default()).await.unwrap();
    assert_eq!((first.items.len(), second.items.len(), second.next), (2, 1, None));
    assert!(first.items[0].id > first.items[1].id && first.items[1].id > second.items[0].id);
    assert_eq!(first.items[0].project_name, "My shop");
    let elsewhere = DeploymentFilter { project_id: Some(deployed.project + 1), host_id: None };
    assert!(deployments.list(&ada, page(None), elsewhere).await.unwrap().items.is_empty());
}

#[sqlx::test(migrations = "../migrations")]
async fn the_limit_of_deployments_holds_also_when_they_are_made_at_once(pool: PgPool) {
    let world = World::with(pool, "limits:\n  max_deployments: 2\n");
    let ada = user("ada");
    let project = project(&world, &ada).await;
    let tasks: Vec<_> = (0..5)
        .map(|_| {
            let (deployments, ada) = (world.services.deployments(), ada.clone());
            let form = DeployBody::own();
            tokio::spawn(async move { deployments.deploy(&ada, project, form).await })
        })
        .collect();
    let mut made = Vec::new();
    for task in tasks {
        match task.await.unwrap() {
            Ok(meta) => made.push(meta.deployment_hash),
            Err(error) => assert!(
                matches!(
                    error,
                    DeploymentError::LimitReached(AccountLimit::Deployments { used: 2, limit: 2 })
                ),
                "{error}"
            ),
        }
    }
    assert_eq!(made.len(), 2);
    world.services.deployments().remove(&ada, &made[0], RemoveDeployment::default()).await.unwrap();
    let form = DeployBody::own();
    world.services.deployments().deploy(&ada, project, form).await.unwrap();
}

#[sqlx::test(migrations = "../migrations")]
async fn a_project_with_a_deployment_on_its_way_stays(pool: PgPool) {
    let world = World::of(pool);
    let ada = user("ada");
    let deployed = deploy(&world, &ada).await;
    assert!(world.services.projects().delete(&ada, deployed.project, None).await.is_err());
}

#[sqlx::test(migrations = "../migrations")]
async fn a_host_is_revoked_while_somebody_looks_at_a_plan_for_it(pool: PgPool) {
    let world = World::of(pool);
    let (deployments, ada) = (world.services.deployments(), user("ada"));
    let (project, host) = (project(&world, &ada).await, add(&world, &ada, "attic").await);
    let looked = deployments.prepare(&ada, project, host).await.unwrap().deployment_hash;
    let asked = deployments.plan(&ada, &looked, PlanRequest::default()).await.unwrap();
    world.services.hosts().revoke(&ada, host, None, LiveDeployments::Refuse).await.unwrap();
    let late = deployments.apply(&ada, &looked, apply(asked.revision)).await;
    assert!(matches!(late, Err(DeploymentError::Ended)));
}
