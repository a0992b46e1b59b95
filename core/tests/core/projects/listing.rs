use sqlx::PgPool;
use stacker::services::Page;

use super::import;
use crate::helpers::{World, admin, user};

#[sqlx::test(migrations = "../migrations")]
async fn a_list_comes_page_by_page_in_the_order_of_ids(pool: PgPool) {
    let world = World::of(pool);
    let ada = user("ada");
    for number in 1..=5 {
        import(&world, &ada, &format!("stack {number}")).await;
    }
    let projects = world.services.projects();
    let (mut after, mut seen, mut pages) = (None, Vec::new(), 0);
    loop {
        let page = projects.list(&ada, Page { limit: Some(2), after }).await.unwrap();
        assert!(page.items.len() <= 2);
        seen.extend(page.items.into_iter().map(|project| project.name));
        pages += 1;
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(pages, 3);
    assert_eq!(seen, ["stack 1", "stack 2", "stack 3", "stack 4", "stack 5"]);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_full_last_page_has_no_next_one(pool: PgPool) {
    let world = World::of(pool);
    let ada = user("ada");
    import(&world, &ada, "only").await;
    let page = world.services.projects().list(&ada, Page { limit: Some(1), after: None }).await.unwrap();
    assert_eq!((page.items.len(), page.next), (1, None));
}

#[sqlx::test(migrations = "../migrations")]
async fn limits_out_of_range_are_brought_into_it(pool: PgPool) {
    let world = World::of(pool);
    let ada = user("ada");
    import(&world, &ada, "one").await;
    import(&world, &ada, "two").await;
    for (limit, found) in [(Some(0), 1), (Some(u32::MAX), 2), (None, 2)] {
        let page = world.services.projects().list(&ada, Page { limit, after: Some(-5) }).await.unwrap();
        assert_eq!(page.items.len(), found);
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn the_start_page_shows_what_was_changed_last_first(pool: PgPool) {
    let world = World::of(pool);
    let ada = user("ada");
    let old = import(&world, &ada, "old").await;
    world.clock.advance(chrono::TimeDelta::seconds(1));
    import(&world, &ada, "new").await;
    let names = async |search| {
        let found = world.services.projects().summaries(&ada, search).await.unwrap();
        found.into_iter().map(|summary| summary.name).collect::<Vec<_>>()
    };
    assert_eq!(names(None).await, ["new", "old"]);
    world.clock.advance(chrono::TimeDelta::seconds(1));
    world.services.projects().rename(&ada, old.id, "Old but gold").await.unwrap();
    assert_eq!(names(None).await, ["Old but gold", "new"]);
    assert_eq!(names(Some("GOLD")).await, ["Old but gold"]);
    assert_eq!(names(Some("50%_")).await, Vec::<String>::new());
}

#[sqlx::test(migrations = "../migrations")]
async fn a_project_is_found_by_its_services_too(pool: PgPool) {
    let world = World::of(pool);
    let ada = user("ada");
    import(&world, &ada, "blog").await;
    let found = world.services.projects().summaries(&ada, Some("Web")).await.unwrap();
    assert_eq!(found[0].services, ["web"]);
}

#[sqlx::test(migrations = "../migrations")]
async fn administrators_see_the_projects_of_a_user(pool: PgPool) {
    let world = World::of(pool);
    let project = import(&world, &user("ada"), "blog").await;
    let projects = world.services.projects();
    let listed = projects.list_of_user(&admin(), "ada", Page::default()).await.unwrap();
    assert_eq!(listed.items, std::slice::from_ref(&project));
    assert_eq!(projects.compose_of_any(&admin(), project.id).await.unwrap(), super::COMPOSE);
}
