use domain::{
    api::{ApplyRequest, PlanRequest, RevisionOutcome},
    cloud::DeployBody,
    command::State,
};
use serde_json::{json, to_value};
use sqlx::PgPool;
use stacker::services::DeploymentError;

use super::{COMPOSE, NEXT, apply, count, end, parameters, plan, planned, project, rewrite, running};
use crate::helpers::{World, user};

#[sqlx::test(migrations = "../migrations")]
async fn a_plan_is_asked_for_once_shown_and_applied_with_what_was_agreed_to(pool: PgPool) {
    let world = World::of(pool);
    let ada = user("ada");
    let deployed = running(&world, &ada).await;
    rewrite(&world, &ada, deployed.project, NEXT).await;

    let asked = plan(&deployed, &ada, None).await;
    assert_eq!((asked.revision, &asked.plan, &asked.problem), (2, &None, &None));
    assert_eq!(parameters(&world, &asked.command_id).await["compose"], NEXT);
    // The first request has no answer yet: a second one waits for the same answer.
    assert_eq!(plan(&deployed, &ada, None).await, asked);

    end(&world, &asked.command_id, State::Completed, Some(to_value(planned()).unwrap()), None).await;
    let request = ApplyRequest { plan_hash: Some(planned().plan_hash), ..apply(2) };
    let started = deployed.deployments.apply(&ada, &deployed.hash, request).await.unwrap();
    let told = parameters(&world, &started.command_id).await;
    assert_eq!(
        (told["compose"].as_str(), told["plan_hash"].as_str()),
        (Some(NEXT), Some("a".repeat(64).as_str()))
    );
    let revision = deployed.deployments.revision(&ada, &deployed.hash, 2).await.unwrap();
    assert_eq!(revision.summary.outcome, RevisionOutcome::InProgress);
}

#[sqlx::test(migrations = "../migrations")]
async fn an_agent_has_the_time_that_is_set_and_is_not_asked_again_before(pool: PgPool) {
    let world = World::with(pool, "agents:\n  health_timeout_secs: 3600\n");
    let deployed = running(&world, &user("ada")).await;
    assert_eq!(parameters(&world, &deployed.command_id).await["health_timeout_secs"], 3600);
    // The agent may send no progress while it waits for health, first of the dependencies and then of the rest.
    let command = "select timeout_seconds::bigint from commands where type = 'deploy_stack'";
    assert!(count(&world, command).await > 2 * 3600);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_plan_of_another_text_is_another_revision(pool: PgPool) {
    let world = World::of(pool);
    let ada = user("ada");
    let deployed = running(&world, &ada).await;
    assert_eq!(plan(&deployed, &ada, None).await.revision, 2);
    rewrite(&world, &ada, deployed.project, NEXT).await;
    assert_eq!(plan(&deployed, &ada, None).await.revision, 3);
    let second = deployed.deployments.revision(&ada, &deployed.hash, 2).await.unwrap();
    assert_eq!(second.compose, COMPOSE);
}

#[sqlx::test(migrations = "../migrations")]
async fn going_back_is_a_plan_of_an_earlier_revision(pool: PgPool) {
    let world = World::of(pool);
    let ada = user("ada");
    let deployed = running(&world, &ada).await;
    rewrite(&world, &ada, deployed.project, NEXT).await;
    let second = plan(&deployed, &ada, None).await;
    let started = deployed.deployments.apply(&ada, &deployed.hash, apply(second.revision)).await.unwrap();
    let result = json!({"outcome": "deployed", "running_revision": 2, "message": "up"});
    end(&world, &started.command_id, State::Completed, Some(result), None).await;

    let back = plan(&deployed, &ada, Some(1)).await;
    assert_eq!(parameters(&world, &back.command_id).await["compose"], COMPOSE);
    let revision = deployed.deployments.revision(&ada, &deployed.hash, back.revision).await.unwrap();
    assert_eq!((revision.summary.number, revision.summary.returns_to), (3, Some(1)));
}

#[sqlx::test(migrations = "../migrations")]
async fn of_many_who_apply_at_once_one_is_let_through(pool: PgPool) {
    let world = World::of(pool);
    let ada = user("ada");
    let deployed = running(&world, &ada).await;
    let revision = plan(&deployed, &ada, None).await.revision;
    let tries = (0..6).map(|_| {
        let (deployments, ada, hash) = (deployed.deployments.clone(), ada.clone(), deployed.hash.clone());
        tokio::spawn(async move { deployments.apply(&ada, &hash, apply(revision)).await })
    });
    let mut started = 0;
    for attempt in tries.collect::<Vec<_>>() {
        match attempt.await.unwrap() {
            Ok(_) => started += 1,
            Err(error) => assert!(matches!(error, DeploymentError::Busy), "{error}"),
        }
    }
    assert_eq!(started, 1);
    assert_eq!(
        count(&world, "select count(*) from commands where status = 'queued' and type = 'deploy_stack'")
            .await,
        1
    );
}

#[sqlx::test(migrations = "../migrations")]
async fn what_was_tried_is_planned_again_before_it_is_tried_again(pool: PgPool) {
    let world = World::of(pool);
    let ada = user("ada");
    let deployed = running(&world, &ada).await;
    let tried = deployed.deployments.apply(&ada, &deployed.hash, apply(1)).await;
    assert!(matches!(tried, Err(DeploymentError::NotPlanned { number: 1 })));
    let unknown = deployed.deployments.apply(&ada, &deployed.hash, apply(9)).await;
    assert!(matches!(unknown, Err(DeploymentError::NotFound("revision"))));
    let odd = ApplyRequest { plan_hash: Some("x".to_owned()), ..apply(1) };
    assert!(matches!(
        deployed.deployments.apply(&ada, &deployed.hash, odd).await,
        Err(DeploymentError::Invalid { .. })
    ));
}

#[sqlx::test(migrations = "../migrations")]
async fn why_there_is_no_plan_is_said(pool: PgPool) {
    let world = World::of(pool);
    let ada = user("ada");
    let deployed = running(&world, &ada).await;
    let asked = plan(&deployed, &ada, None).await;
    let error = json!({"errors": [{"code": "engine-unavailable", "message": "Docker does not answer"}]});
    end(&world, &asked.command_id, State::Failed, None, Some(error)).await;
    let events = deployed.deployments.events(&ada, &deployed.hash, 0).await.unwrap();
    let last = serde_json::to_value(events.last().unwrap()).unwrap();
    assert_eq!(last["message"], "Docker does not answer");
}

#[sqlx::test(migrations = "../migrations")]
async fn nobody_plans_for_an_agent_of_others(pool: PgPool) {
    let world = World::of(pool);
    let (deployments, ada) = (world.services.deployments(), user("ada"));
    let project = project(&world, &ada).await;
    let form = DeployBody::own();
    let hash = deployments.deploy(&ada, project, form).await.unwrap().deployment_hash;
    let refused = deployments.plan(&ada, &hash, PlanRequest::default()).await;
    assert!(matches!(refused, Err(DeploymentError::NoHost)));
}
