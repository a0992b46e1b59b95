use domain::{
    api::{DeploymentDetail, RevisionOutcome},
    command::State,
    deploy::DeploymentStatus,
};
use serde_json::{Value, json, to_value};
use sqlx::PgPool;
use stacker::services::deployments::outcome;

use super::{Deployed, NEXT, apply, begin, deploy, end, plan, planned, rewrite, running};
use crate::helpers::{World, user};

async fn detail(deployed: &Deployed) -> DeploymentDetail {
    deployed.deployments.get(&user("ada"), &deployed.hash).await.unwrap()
}

/// A deployment whose second revision is in progress.
async fn second(world: &World) -> (Deployed, String) {
    let ada = user("ada");
    let deployed = running(world, &ada).await;
    rewrite(world, &ada, deployed.project, NEXT).await;
    let revision = plan(&deployed, &ada, None).await.revision;
    let started = deployed.deployments.apply(&ada, &deployed.hash, apply(revision)).await.unwrap();
    (deployed, started.command_id)
}

#[sqlx::test(migrations = "../migrations")]
async fn a_deployment_goes_from_pending_by_way_of_in_progress_to_completed(pool: PgPool) {
    let world = World::of(pool);
    let deployed = deploy(&world, &user("ada")).await;
    assert_eq!(detail(&deployed).await.summary.status, DeploymentStatus::Pending);
    begin(&world, &deployed.command_id).await;
    assert_eq!(detail(&deployed).await.summary.status, DeploymentStatus::InProgress);
    let result = json!({"outcome": "deployed", "running_revision": 1, "services": [super::web("nginx:1.27")], "message": "up"});
    end(&world, &deployed.command_id, State::Completed, Some(result), None).await;
    let now = detail(&deployed).await;
    assert_eq!((now.summary.status, now.summary.running_revision), (DeploymentStatus::Completed, Some(1)));
    assert_eq!(
        (now.revisions[0].outcome, now.revisions[0].message.as_deref()),
        (RevisionOutcome::Deployed, Some("up"))
    );
    assert_eq!(now.services[0].state, super::web("nginx:1.27"));
    assert_eq!(now.running_command, None);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_bad_revision_that_went_back_leaves_the_good_one_running(pool: PgPool) {
    let world = World::of(pool);
    let (deployed, command) = second(&world).await;
    let result =
        json!({"outcome": "returned-to-last-good", "running_revision": 1, "message": "web is unhealthy"});
    end(&world, &command, State::Failed, Some(result), None).await;
    let now = detail(&deployed).await;
    assert_eq!((now.summary.status, now.summary.running_revision), (DeploymentStatus::Failed, Some(1)));
    assert_eq!(now.revisions[0].outcome, RevisionOutcome::Returned);
    assert_eq!(now.revisions[0].message.as_deref(), Some("web is unhealthy"));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_plan_that_no_longer_holds_is_shown_anew_and_can_be_applied(pool: PgPool) {
    let world = World::of(pool);
    let ada = user("ada");
    let (deployed, command) = second(&world).await;
    begin(&world, &command).await;
    let result =
        json!({"outcome": "refused", "running_revision": 1, "message": "changed", "plan": planned()});
    let error = json!({"errors": [{"code": "plan-stale", "message": "the host has changed"}]});
    end(&world, &command, State::Failed, Some(result), Some(error)).await;
    let now = detail(&deployed).await;
    assert_eq!((now.summary.status, now.summary.running_revision), (DeploymentStatus::Completed, Some(1)));
    assert_eq!((now.revisions[0].outcome, now.revisions[0].ended_at), (RevisionOutcome::Planned, None));
    let kept: Option<String> =
        sqlx::query_scalar("select plan_hash from deployment_revision where number = 2")
            .fetch_one(&world.pool)
            .await
            .unwrap();
    assert_eq!(kept, Some(planned().plan_hash));
    deployed.deployments.apply(&ada, &deployed.hash, apply(2)).await.unwrap();
}

#[sqlx::test(migrations = "../migrations")]
async fn a_cancelled_revision_changes_nothing_about_what_runs(pool: PgPool) {
    let world = World::of(pool);
    let (deployed, command) = second(&world).await;
    begin(&world, &command).await;
    end(&world, &command, State::Cancelled, None, None).await;
    let now = detail(&deployed).await;
    assert_eq!((now.summary.status, now.summary.running_revision), (DeploymentStatus::Completed, Some(1)));
    assert_eq!(now.revisions[0].outcome, RevisionOutcome::Cancelled);
}

#[sqlx::test(migrations = "../migrations")]
async fn what_nobody_fetched_failed_with_the_reason(pool: PgPool) {
    let world = World::of(pool);
    let deployed = deploy(&world, &user("ada")).await;
    let error = json!({"code": "never-fetched", "message": "no agent fetched this command in time"});
    end(&world, &deployed.command_id, State::Failed, None, Some(error)).await;
    let now = detail(&deployed).await;
    assert_eq!((now.summary.status, now.summary.running_revision), (DeploymentStatus::Failed, None));
    assert_eq!(now.revisions[0].message.as_deref(), Some("no agent fetched this command in time"));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_result_of_the_wrong_shape_is_never_an_error(pool: PgPool) {
    let world = World::of(pool);
    for result in [
        json!("done"),
        json!({"outcome": "splendid"}),
        json!({"outcome": "deployed", "running_revision": "one", "message": 3}),
        json!({"outcome": "deployed", "message": "nul \0",
            "services": [{"service": "\0", "state": "running", "health": "none"}]}),
    ] {
        let deployed = deploy(&world, &user("ada")).await;
        // The stored row contains no NUL, but the result passed in may contain one.
        let (mut command, revision) =
            super::change(&world, &deployed.command_id, State::Completed, None, None).await;
        command.result = Some(result);
        let mut transaction = world.pool.begin().await.unwrap();
        outcome::command_ended(&mut transaction, &command, revision, world.services.context()).await.unwrap();
        transaction.commit().await.unwrap();
        assert_eq!(detail(&deployed).await.summary.status, DeploymentStatus::Completed);
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_plan_of_the_wrong_shape_is_no_plan(pool: PgPool) {
    let world = World::of(pool);
    let ada = user("ada");
    let deployed = running(&world, &ada).await;
    let asked = plan(&deployed, &ada, None).await;
    let mut wrong = to_value(planned()).unwrap();
    wrong["plan_hash"] = json!("<script>");
    end(&world, &asked.command_id, State::Completed, Some(wrong), None).await;
    let kept: Option<Value> = sqlx::query_scalar("select plan from deployment_revision where number = 2")
        .fetch_one(&world.pool)
        .await
        .unwrap();
    assert_eq!(kept, None);
}

#[sqlx::test(migrations = "../migrations")]
async fn of_a_stack_that_is_unhealthy_and_had_nothing_to_go_back_to_nothing_runs(pool: PgPool) {
    let world = World::of(pool);
    let (deployed, command) = second(&world).await;
    let result = json!({"outcome": "unhealthy", "running_revision": null, "message": "both are"});
    end(&world, &command, State::Failed, Some(result), None).await;
    let now = detail(&deployed).await;
    assert_eq!((now.summary.status, now.summary.running_revision), (DeploymentStatus::Failed, None));
}
