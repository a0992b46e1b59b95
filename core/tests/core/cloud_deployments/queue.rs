//! What waits for the broker: nothing is lost, nothing is sent twice, no secret stays.

use chrono::TimeDelta;
use domain::deploy::DeploymentStatus;
use sqlx::PgPool;
use stacker::connectors::broker::{FakeAnswer, PublishError};

use super::{Cloudy, direct};
use crate::{
    clouds::{TOKEN, hetzner},
    commands::world::{start, until},
};

#[sqlx::test(migrations = "../migrations")]
async fn while_the_broker_is_down_the_deployment_waits_and_says_since_when(pool: PgPool) {
    let cloudy = Cloudy::new(pool).await;
    cloudy.broker.go_down("connection refused");
    let meta = cloudy.deploy().await;
    cloudy.deliver().await;
    let summary = cloudy.summary(&meta).await;
    assert_eq!(summary.status, DeploymentStatus::Pending);
    assert!(summary.install.unwrap().waiting_since.is_some());
    assert_eq!(cloudy.waiting().await, 1);

    cloudy.broker.come_back();
    cloudy.world.clock.advance(TimeDelta::minutes(6));
    cloudy.deliver().await;
    assert_eq!((cloudy.sent().len(), cloudy.waiting().await), (1, 0));
    assert_eq!(cloudy.summary(&meta).await.install.unwrap().waiting_since, None);
    cloudy.deliver().await;
    assert_eq!(cloudy.sent().len(), 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn when_the_broker_is_back_nothing_waits_for_the_next_attempt(pool: PgPool) {
    let cloudy = Cloudy::new(pool).await;
    cloudy.broker.go_down("connection refused");
    cloudy.deploy().await;
    cloudy.deliver().await;
    let jobs = start(&cloudy.world.services).await;
    cloudy.broker.attempted(1).await;
    // The clock of the test stands still: by itself, the message would wait for ever.
    cloudy.broker.come_back();
    until("it is sent", || async { cloudy.waiting().await == 0 }).await;
    assert_eq!(cloudy.sent().len(), 1);
    jobs.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_message_that_no_queue_receives_is_not_sent(pool: PgPool) {
    let cloudy = Cloudy::new(pool).await;
    cloudy.broker.answer(FakeAnswer::Fail(PublishError::Returned("no route".to_owned())));
    cloudy.deploy().await;
    cloudy.deliver().await;
    assert_eq!((cloudy.sent().len(), cloudy.waiting().await), (0, 1));
}

#[sqlx::test(migrations = "../migrations")]
async fn after_the_last_attempt_the_deployment_fails_with_the_reason(pool: PgPool) {
    let cloudy = Cloudy::new(pool).await;
    cloudy.broker.go_down("connection refused");
    let meta = cloudy.deploy().await;
    for _ in 0..3 {
        cloudy.deliver().await;
        cloudy.world.clock.advance(TimeDelta::minutes(7));
    }
    let summary = cloudy.summary(&meta).await;
    assert_eq!((summary.status, cloudy.waiting().await), (DeploymentStatus::Failed, 0));
    let said = summary.install.unwrap().message.unwrap();
    assert!(said.contains("connection refused"), "{said}");
}

#[sqlx::test(migrations = "../migrations")]
async fn unsaved_credentials_expire_and_the_deployment_fails(pool: PgPool) {
    let cloudy = Cloudy::new(pool).await;
    cloudy.broker.go_down("connection refused");
    let meta = cloudy.deploy().await;
    cloudy.world.clock.advance(TimeDelta::minutes(61));
    cloudy.deliver().await;
    let summary = cloudy.summary(&meta).await;
    assert_eq!((summary.status, cloudy.waiting().await), (DeploymentStatus::Failed, 0));
    let said = summary.install.unwrap().message.unwrap();
    assert!(said.contains("credentials") && !said.contains(TOKEN), "{said}");
}

#[sqlx::test(migrations = "../migrations")]
async fn stored_credentials_do_not_expire(pool: PgPool) {
    let cloudy = Cloudy::new(pool).await;
    cloudy.broker.go_down("connection refused");
    let services = &cloudy.world.services;
    let cloud = services.clouds().create(&cloudy.ada, &hetzner()).await.unwrap().id;
    let deployments = services.deployments();
    deployments.deploy_to_cloud(&cloudy.ada, cloudy.project, cloud, direct()).await.unwrap();
    cloudy.world.clock.advance(TimeDelta::days(1));
    cloudy.deliver().await;
    assert_eq!(cloudy.waiting().await, 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn without_a_confirm_the_deployment_is_marked_and_never_sent_again(pool: PgPool) {
    let cloudy = Cloudy::new(pool).await;
    cloudy.broker.answer(FakeAnswer::Fail(PublishError::TimedOut));
    let meta = cloudy.deploy().await;
    cloudy.deliver().await;
    let summary = cloudy.summary(&meta).await;
    assert_eq!((summary.status, cloudy.waiting().await), (DeploymentStatus::Pending, 0));
    let said = summary.install.unwrap().message.unwrap();
    assert!(said.contains("not known whether"), "{said}");
}

#[sqlx::test(migrations = "../migrations")]
async fn a_delivery_that_a_killed_server_began_is_marked_and_never_sent_again(pool: PgPool) {
    let cloudy = Cloudy::new(pool).await;
    let meta = cloudy.deploy().await;
    // What a server leaves behind that was killed between claiming the message and the confirm.
    let claimed = cloudy.world.services.context().clock.now() + TimeDelta::seconds(90);
    sqlx::query("update outbox set claimed_until = $1, next_attempt_at = $1")
        .bind(claimed)
        .execute(&cloudy.world.pool)
        .await
        .unwrap();
    cloudy.world.clock.advance(TimeDelta::seconds(91));
    cloudy.deliver().await;
    assert_eq!((cloudy.sent().len(), cloudy.waiting().await), (0, 0));
    let said = cloudy.summary(&meta).await.install.unwrap().message.unwrap();
    assert!(said.contains("not known whether"), "{said}");
}

#[sqlx::test(migrations = "../migrations")]
async fn messages_of_two_deployments_of_one_project_do_not_replace_each_other(pool: PgPool) {
    let cloudy = Cloudy::new(pool).await;
    cloudy.deploy().await;
    cloudy.deploy().await;
    assert_eq!(cloudy.waiting().await, 2);
    cloudy.deliver().await;
    assert_eq!(cloudy.sent().len(), 2);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_waiting_message_is_sealed(pool: PgPool) {
    let cloudy = Cloudy::new(pool).await;
    cloudy.deploy().await;
    let rows: String = sqlx::query_scalar("select string_agg(o::text, '') from outbox o")
        .fetch_one(&cloudy.world.pool)
        .await
        .unwrap();
    let token_in_hex = hex::encode(TOKEN);
    assert!(!rows.contains(TOKEN) && !rows.contains(&token_in_hex));
}
