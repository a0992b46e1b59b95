use domain::deploy::DriftKind;
use serde_json::json;
use sqlx::PgPool;
use stacker::services::DeploymentError;

use super::{
    COMPOSE, NEXT,
    observing::{drift, tell},
    parameters, running, web,
};
use crate::helpers::{World, user};

#[sqlx::test(migrations = "../migrations")]
async fn restoring_brings_back_what_was_deployed(pool: PgPool) {
    let world = World::of(pool);
    let ada = user("ada");
    let deployed = running(&world, &ada).await;
    let nothing = deployed.deployments.restore_drift(&ada, &deployed.hash).await;
    assert!(matches!(nothing, Err(DeploymentError::NoDrift)));

    let stopped = vec![drift(DriftKind::Stopped, None)];
    tell(&world, deployed.host, &deployed.hash, vec![web("nginx:1.27")], stopped).await;
    let started = deployed.deployments.restore_drift(&ada, &deployed.hash).await.unwrap();
    let told = parameters(&world, &started.command_id).await;
    assert_eq!(
        (&told["compose"], &told["recreate"], &told["revision"]),
        (&json!(COMPOSE), &json!(["web"]), &json!(2))
    );
    let revision = deployed.deployments.revision(&ada, &deployed.hash, 2).await.unwrap();
    assert_eq!(revision.summary.returns_to, Some(1));
}

#[sqlx::test(migrations = "../migrations")]
async fn adopting_writes_the_image_that_runs_into_project_and_deployment(pool: PgPool) {
    let world = World::of(pool);
    let ada = user("ada");
    let deployed = running(&world, &ada).await;
    let changed = vec![drift(DriftKind::Changed, Some("nginx:1.28"))];
    tell(&world, deployed.host, &deployed.hash, vec![web("nginx:1.28")], changed).await;
    let started = deployed.deployments.adopt_drift(&ada, &deployed.hash).await.unwrap();
    assert_eq!(world.services.projects().compose(&ada, deployed.project).await.unwrap(), NEXT);
    assert_eq!(parameters(&world, &started.command_id).await["compose"], NEXT);
}

#[sqlx::test(migrations = "../migrations")]
async fn what_cannot_be_adopted_is_refused_and_changes_nothing(pool: PgPool) {
    let world = World::of(pool);
    let ada = user("ada");
    let deployed = running(&world, &ada).await;
    let gone = vec![drift(DriftKind::Missing, None)];
    tell(&world, deployed.host, &deployed.hash, Vec::new(), gone).await;
    let refused = deployed.deployments.adopt_drift(&ada, &deployed.hash).await;
    let Err(DeploymentError::CannotAdopt { reasons }) = refused else { panic!("adopted") };
    assert_eq!(reasons[0].field, "web");
    assert_eq!(world.services.projects().compose(&ada, deployed.project).await.unwrap(), COMPOSE);
}
