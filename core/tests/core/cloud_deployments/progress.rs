//! What the install service reports.

use domain::{
    api::{Happened, RevisionOutcome},
    deploy::DeploymentStatus,
};
use serde_json::json;
use sqlx::PgPool;
use stacker::services::{ProgressMessage, ProgressRefusal};

use super::{Cloudy, progress_of};

#[sqlx::test(migrations = "../migrations")]
async fn progress_is_shown_with_step_percent_and_address(pool: PgPool) {
    let cloudy = Cloudy::new(pool).await;
    let meta = cloudy.deploy().await;
    let mut report = progress_of(&meta, "in_progress", 40);
    report["srv_ip"] = json!("192.0.2.7");
    report["ssh_port"] = json!("22");
    cloudy.report(report).await;
    let summary = cloudy.summary(&meta).await;
    assert_eq!(summary.status, DeploymentStatus::InProgress);
    let install = summary.install.unwrap();
    assert_eq!((install.progress, install.message.as_deref()), (Some(40), Some("step at 40")));
    assert_eq!((install.srv_ip.as_deref(), install.ssh_port), (Some("192.0.2.7"), Some(22)));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_completed_deployment_runs_its_revision_and_late_progress_changes_nothing(pool: PgPool) {
    let cloudy = Cloudy::new(pool).await;
    let meta = cloudy.deploy().await;
    cloudy.report(progress_of(&meta, "completed", 100)).await;
    cloudy.report(progress_of(&meta, "in_progress", 90)).await;
    let summary = cloudy.summary(&meta).await;
    assert_eq!((summary.status, summary.running_revision), (DeploymentStatus::Completed, Some(1)));
    assert_eq!(summary.install.unwrap().message.as_deref(), Some("step at 100"));
    let detail = cloudy.world.services.deployments().get(&cloudy.ada, &meta.deployment_hash).await.unwrap();
    assert_eq!(detail.revisions[0].outcome, RevisionOutcome::Deployed);
}

#[sqlx::test(migrations = "../migrations")]
async fn what_failed_can_be_resumed(pool: PgPool) {
    let cloudy = Cloudy::new(pool).await;
    let meta = cloudy.deploy().await;
    for (status, then) in [
        ("failed", DeploymentStatus::Failed),
        ("in_progress", DeploymentStatus::InProgress),
        ("completed", DeploymentStatus::Completed),
    ] {
        cloudy.report(progress_of(&meta, status, 10)).await;
        assert_eq!(cloudy.summary(&meta).await.status, then);
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_redelivered_message_is_applied_once(pool: PgPool) {
    let cloudy = Cloudy::new(pool).await;
    let meta = cloudy.deploy().await;
    let deployments = cloudy.world.services.deployments();
    let body = progress_of(&meta, "in_progress", 10).to_string();
    deployments.progressed(body.as_bytes(), false).await.unwrap();
    cloudy.report(progress_of(&meta, "in_progress", 20)).await;
    deployments.progressed(body.as_bytes(), true).await.unwrap();
    assert_eq!(cloudy.summary(&meta).await.install.unwrap().progress, Some(20));
    let events = deployments.events(&cloudy.ada, &meta.deployment_hash, 0).await.unwrap();
    let reports = events.iter().filter(|event| matches!(event.what, Happened::Install { .. })).count();
    assert_eq!(reports, 2);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_message_names_its_deployment_by_id_or_hash_and_not_by_those_of_two(pool: PgPool) {
    let cloudy = Cloudy::new(pool).await;
    let (one, other) = (cloudy.deploy().await, cloudy.deploy().await);
    cloudy.report(json!({"deploy_id": one.deployment_hash, "status": "in_progress", "progress": 5})).await;
    assert_eq!(cloudy.summary(&one).await.install.unwrap().progress, Some(5));
    let both = json!({"deploy_id": one.deployment_id, "deployment_hash": other.deployment_hash, "status": "completed"});
    let refused = cloudy.world.services.deployments().progressed(both.to_string().as_bytes(), false).await;
    assert!(matches!(refused, Err(ProgressRefusal::Poison(_))));
}

#[sqlx::test(migrations = "../migrations")]
async fn what_cannot_be_read_or_belongs_to_nothing_is_poison(pool: PgPool) {
    let cloudy = Cloudy::new(pool).await;
    let own = crate::deployments::deploy(&cloudy.world, &cloudy.ada).await;
    let on_host = json!({"deployment_hash": own.hash, "status": "completed"}).to_string();
    let unknown = json!({"deploy_id": "424242", "status": "completed"}).to_string();
    for body in ["{", "\u{0}", "[]", &unknown, &on_host] {
        let refused = cloudy.world.services.deployments().progressed(body.as_bytes(), false).await;
        assert!(matches!(refused, Err(ProgressRefusal::Poison(_))), "{body}");
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn messages_that_arrive_at_once_are_applied_in_order_or_not_at_all(pool: PgPool) {
    let cloudy = Cloudy::new(pool).await;
    let (one, other) = (cloudy.deploy().await, cloudy.deploy().await);
    let deployments = cloudy.world.services.deployments();
    let together = [
        progress_of(&one, "in_progress", 10),
        progress_of(&other, "in_progress", 30),
        progress_of(&one, "in_progress", 20),
        progress_of(&other, "completed", 100),
        progress_of(&other, "in_progress", 90),
    ]
    .map(|body| body.to_string());
    let message = |body| ProgressMessage { body, redelivered: false };
    let mut messages: Vec<_> = together.iter().map(|body| message(body.as_bytes())).collect();

    messages.push(message(b"{"));
    let refused = deployments.progressed_together(&messages).await;
    assert!(matches!(refused, Err(ProgressRefusal::Poison(_))));
    assert_eq!(cloudy.summary(&one).await.install.unwrap().progress, None, "nothing was applied");

    messages.pop();
    deployments.progressed_together(&messages).await.unwrap();
    assert_eq!(cloudy.summary(&one).await.install.unwrap().progress, Some(20));
    assert_eq!(cloudy.summary(&other).await.status, DeploymentStatus::Completed);
    let events = deployments.events(&cloudy.ada, &one.deployment_hash, 0).await.unwrap();
    let percents: Vec<_> = events
        .iter()
        .filter_map(|event| match &event.what {
            Happened::Install { state } => Some(state.progress),
            _ => None,
        })
        .collect();
    assert_eq!(percents, [Some(10), Some(20)]);

    messages.iter_mut().for_each(|message| message.redelivered = true);
    deployments.progressed_together(&messages).await.unwrap();
    let again = deployments.events(&cloudy.ada, &one.deployment_hash, 0).await.unwrap();
    assert_eq!(again.len(), events.len(), "what comes again changes nothing");
}
