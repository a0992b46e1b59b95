//! The health report, and who sees which part of it.

use sqlx::PgPool;
use stacker::services::{HealthError, HealthStatus};

use crate::helpers::{World, admin, user};

#[sqlx::test(migrations = "../migrations")]
async fn a_server_with_a_database_is_healthy(pool: PgPool) {
    let health = World::of(pool).services.health();
    let report = health.check().await;
    assert_eq!(report.status, HealthStatus::Healthy);
    assert_eq!(report.version, env!("CARGO_PKG_VERSION"));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_server_without_its_database_says_so_and_no_more(pool: PgPool) {
    let world = World::of(pool);
    world.pool.close().await;
    assert_eq!(world.services.health().check().await.status, HealthStatus::Unhealthy);
    let details = world.services.health().details(&admin()).await.unwrap();
    assert_eq!(details["database"].message.as_deref(), Some("the database does not answer"));
}

#[sqlx::test(migrations = "../migrations")]
async fn details_are_for_operators(pool: PgPool) {
    let health = World::of(pool).services.health();
    health.check().await;
    assert!(matches!(health.details(&user("ada")).await, Err(HealthError::Forbidden)));
    assert!(matches!(health.metrics(&user("ada")).await, Err(HealthError::Forbidden)));
    assert_eq!(health.metrics(&admin()).await.unwrap()["database"].total_checks, 1);
}
