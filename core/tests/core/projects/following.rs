//! Open builders hear of newer versions of a project.

use domain::{
    access::ProjectRole,
    stack::{Canvas, Values},
};
use sqlx::PgPool;
use stacker::services::{ProjectError, SaveDraft, VersionStream};

use super::{COMPOSE, import};
use crate::{
    commands::world::{PATIENCE, start},
    helpers::{World, user},
};

async fn next(stream: &mut VersionStream) -> Option<i32> {
    tokio::time::timeout(PATIENCE, stream.next()).await.unwrap().unwrap()
}

#[sqlx::test(migrations = "../migrations")]
async fn every_way_of_saving_tells_those_who_follow_until_the_project_is_gone(pool: PgPool) {
    let world = World::of(pool);
    let (projects, ada) = (world.services.projects(), user("ada"));
    let project = import(&world, &ada, "blog").await;
    let jobs = start(&world.services).await;
    let mut stream = projects.follow(&ada, project.id, Some(1)).await.unwrap();
    let mut from_the_start = projects.follow(&ada, project.id, None).await.unwrap();
    assert_eq!(next(&mut from_the_start).await, Some(1));

    let draft = SaveDraft {
        version: 1,
        compose: COMPOSE.to_owned(),
        canvas: Canvas::default(),
        values: Values::default(),
    };
    projects.save_draft(&ada, project.id, draft).await.unwrap();
    assert_eq!(next(&mut stream).await, Some(2));
    projects.replace_compose(&ada, project.id, "services: {}\n", None).await.unwrap();
    assert_eq!(next(&mut stream).await, Some(3));
    projects.delete(&ada, project.id, None).await.unwrap();
    assert_eq!(next(&mut stream).await, None);
    jobs.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn only_who_may_see_a_project_can_follow_it(pool: PgPool) {
    let world = World::of(pool);
    let (projects, ada, bob) = (world.services.projects(), user("ada"), user("bob"));
    let project = import(&world, &ada, "blog").await;
    let jobs = start(&world.services).await;
    assert!(matches!(projects.follow(&bob, project.id, None).await, Err(ProjectError::NotFound)));

    let code = projects.invite(&ada, project.id, ProjectRole::Viewer).await.unwrap().code.unwrap();
    projects.join(&bob, &code).await.unwrap();
    let mut stream = projects.follow(&bob, project.id, Some(1)).await.unwrap();
    projects.remove_member(&ada, project.id, "bob").await.unwrap();
    assert_eq!(next(&mut stream).await, None);
    jobs.finish().await;
}
