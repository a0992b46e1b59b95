//! `limits.max_stored_bytes` holds even for simultaneous writes.

use domain::api::ImportProject;
use sqlx::PgPool;
use stacker::services::{AccountLimit, ProjectError};

use super::{COMPOSE, import};
use crate::helpers::{World, user};

fn world(pool: &PgPool, bytes: i64) -> World {
    World::with(pool.clone(), &format!("limits:\n  max_stored_bytes: {bytes}\n"))
}

async fn stored(pool: &PgPool) -> i64 {
    sqlx::query_scalar("select coalesce(sum(stored_bytes), 0)::bigint from project")
        .fetch_one(pool)
        .await
        .unwrap()
}

fn is_of_size(error: &ProjectError) -> bool {
    matches!(error, ProjectError::LimitReached(AccountLimit::StoredBytes { .. }))
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_stored_counts_with_all_that_is_beside_the_text(pool: PgPool) {
    import(&World::of(pool.clone()), &user("ada"), "blog").await;
    let beside: i64 = sqlx::query_scalar(
        "select (octet_length(canvas::text) + octet_length(metadata::text) + octet_length(request_json::text))::bigint from project",
    )
    .fetch_one(&pool)
    .await
    .unwrap();
    assert_eq!(stored(&pool).await, COMPOSE.len() as i64 + beside);
}

#[sqlx::test(migrations = "../migrations")]
async fn as_many_as_fit_are_made_when_several_are_made_at_once(pool: PgPool) {
    import(&World::of(pool.clone()), &user("ada"), "blog").await;
    let one = stored(&pool).await;
    let world = world(&pool, 3 * one + one / 2);
    let makers = (0..8).map(|number| {
        let projects = world.services.projects();
        let import = ImportProject { name: format!("blo{number}"), compose: COMPOSE.to_owned() };
        tokio::spawn(async move { projects.import(&user("ada"), import).await })
    });
    let mut made = 0;
    for maker in makers.collect::<Vec<_>>() {
        match maker.await.unwrap() {
            Ok(_) => made += 1,
            Err(error) => assert!(is_of_size(&error), "{error}"),
        }
    }
    assert_eq!(made, 2);
    import(&world, &user("bob"), "his").await;
}

#[sqlx::test(migrations = "../migrations")]
async fn of_two_projects_that_grow_at_once_only_what_fits_is_saved(pool: PgPool) {
    let free = World::of(pool.clone());
    let mut ids = Vec::new();
    for name in ["one", "two", "three"] {
        ids.push(import(&free, &user("ada"), name).await.id);
    }
    let world = world(&pool, stored(&pool).await + 1_500);
    let longer = format!("# {}\n{COMPOSE}", "x".repeat(1_000));
    let saving = ids.iter().map(|id| {
        let (projects, longer, id) = (world.services.projects(), longer.clone(), *id);
        tokio::spawn(async move { projects.replace_compose(&user("ada"), id, &longer, None).await })
    });
    let mut saved = 0;
    for attempt in saving.collect::<Vec<_>>() {
        match attempt.await.unwrap() {
            Ok(_) => saved += 1,
            Err(error) => assert!(is_of_size(&error), "{error}"),
        }
    }
    assert_eq!(saved, 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn an_account_above_its_limit_may_only_get_smaller(pool: PgPool) {
    let free = World::of(pool.clone());
    let ada = user("ada");
    let id = import(&free, &ada, "blog").await.id;
    let world = world(&pool, 10);
    let projects = world.services.projects();
    let longer = format!("{COMPOSE}# more\n");
    let refused = projects.replace_compose(&ada, id, &longer, None).await.unwrap_err();
    let ProjectError::LimitReached(AccountLimit::StoredBytes { used, more, limit }) = refused else {
        panic!("{refused}");
    };
    assert_eq!((used, more, limit), (stored(&pool).await, longer.len() as i64 - COMPOSE.len() as i64, 10));
    assert!(is_of_size(&projects.duplicate(&ada, id).await.unwrap_err()));
    projects.replace_compose(&ada, id, "services: {}\n", None).await.unwrap();
    assert_eq!(projects.compose(&ada, id).await.unwrap(), "services: {}\n");
}
