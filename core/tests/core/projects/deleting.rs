use sqlx::PgPool;
use stacker::{db::Pool, services::ProjectError};

use super::import;
use crate::helpers::{World, user};

async fn deploy(pool: &Pool, project: i32, status: &str, deleted: bool) {
    sqlx::query(
        "insert into deployment (project_id, deployment_hash, metadata, deleted, status, created_at, updated_at)
         values ($1, gen_random_uuid()::text, '{}', $2, $3, now(), now())",
    )
    .bind(project)
    .bind(deleted)
    .bind(status)
    .execute(pool)
    .await
    .unwrap();
}

#[sqlx::test(migrations = "../migrations")]
async fn a_deleted_project_is_gone(pool: PgPool) {
    let world = World::of(pool);
    let (projects, ada) = (world.services.projects(), user("ada"));
    let project = import(&world, &ada, "blog").await;
    projects.delete(&ada, project.id, None).await.unwrap();
    assert!(matches!(projects.get(&ada, project.id).await, Err(ProjectError::NotFound)));
    assert!(matches!(projects.delete(&ada, project.id, None).await, Err(ProjectError::NotFound)));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_project_with_a_live_deployment_stays_with_all_its_deployments(pool: PgPool) {
    let world = World::of(pool);
    let (projects, ada) = (world.services.projects(), user("ada"));
    let project = import(&world, &ada, "blog").await;
    deploy(&world.pool, project.id, "completed", false).await;
    deploy(&world.pool, project.id, "failed", false).await;
    assert!(matches!(projects.delete(&ada, project.id, None).await, Err(ProjectError::HasDeployments)));
    let left: i64 =
        sqlx::query_scalar("select count(*) from deployment").fetch_one(&world.pool).await.unwrap();
    assert_eq!(left, 2);
    assert!(projects.get(&ada, project.id).await.is_ok());
}

#[sqlx::test(migrations = "../migrations")]
async fn ended_deployments_go_with_their_project(pool: PgPool) {
    let world = World::of(pool);
    let (projects, ada) = (world.services.projects(), user("ada"));
    let project = import(&world, &ada, "blog").await;
    deploy(&world.pool, project.id, "completed", true).await;
    deploy(&world.pool, project.id, "failed", false).await;
    projects.delete(&ada, project.id, None).await.unwrap();
    let left: i64 =
        sqlx::query_scalar("select count(*) from deployment").fetch_one(&world.pool).await.unwrap();
    assert_eq!(left, 0);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_deployment_that_failed_while_an_earlier_revision_runs_has_not_ended(pool: PgPool) {
    let world = World::of(pool);
    let (projects, ada) = (world.services.projects(), user("ada"));
    let project = import(&world, &ada, "blog").await;
    deploy(&world.pool, project.id, "failed", false).await;
    sqlx::query("update deployment set running_revision = 1").execute(&world.pool).await.unwrap();
    assert!(matches!(projects.delete(&ada, project.id, None).await, Err(ProjectError::HasDeployments)));
    sqlx::query("update deployment set running_revision = null").execute(&world.pool).await.unwrap();
    projects.delete(&ada, project.id, None).await.unwrap();
}
