use domain::stack::{Canvas, Point, Values};
use sqlx::PgPool;
use stacker::services::{AccountLimit, ProjectError, SaveDraft};

use super::{COMPOSE, import};
use crate::helpers::{World, user};

fn draft(version: i32, compose: &str) -> SaveDraft {
    let mut canvas = Canvas::default();
    canvas.positions.insert("web".to_owned(), Point { x: 40, y: 60 });
    canvas.notes.insert("web".to_owned(), "the front door".to_owned());
    SaveDraft { version, compose: compose.to_owned(), canvas, values: Values::default() }
}

#[sqlx::test(migrations = "../migrations")]
async fn the_builder_starts_from_nothing_and_saves_text_and_canvas(pool: PgPool) {
    let world = World::of(pool);
    let (projects, ada) = (world.services.projects(), user("ada"));
    let empty = projects.create_empty(&ada, " my stack ").await.unwrap();
    assert_eq!((empty.name.as_str(), empty.compose.as_str(), empty.version), ("my stack", "", 1));

    let saved = projects.save_draft(&ada, empty.id, draft(1, COMPOSE)).await.unwrap();
    assert_eq!(saved, 2);
    let loaded = projects.get_draft(&ada, empty.id).await.unwrap();
    assert_eq!((loaded.version, loaded.compose.as_str()), (saved, COMPOSE));
    assert_eq!(loaded.canvas, draft(1, "").canvas);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_save_based_on_an_older_version_overwrites_nothing_and_shows_the_newer_one(pool: PgPool) {
    let world = World::of(pool);
    let (projects, ada) = (world.services.projects(), user("ada"));
    let project = import(&world, &ada, "blog").await;
    projects.save_draft(&ada, project.id, draft(1, "services: {}\n")).await.unwrap();
    let first = projects.get_draft(&ada, project.id).await.unwrap();
    let error = projects.save_draft(&ada, project.id, draft(1, "name: lost\n")).await.unwrap_err();
    let ProjectError::VersionConflict { current } = error else { panic!("{error}") };
    assert_eq!(*current, first);
    assert_eq!(projects.compose(&ada, project.id).await.unwrap(), "services: {}\n");
}

#[sqlx::test(migrations = "../migrations")]
async fn of_saves_at_once_one_wins_and_the_others_hear_of_it(pool: PgPool) {
    let world = World::of(pool);
    let (projects, ada) = (world.services.projects(), user("ada"));
    let project = import(&world, &ada, "blog").await;
    let saves = ["name: a\n", "name: b\n", "name: c\n", "name: d\n"].map(|text| {
        let (projects, ada) = (projects.clone(), ada.clone());
        tokio::spawn(async move { projects.save_draft(&ada, project.id, draft(1, text)).await })
    });
    let mut won = 0;
    for save in saves {
        match save.await.unwrap() {
            Ok(saved) => {
                won += 1;
                assert_eq!(saved, 2);
            }
            Err(error) => assert!(matches!(error, ProjectError::VersionConflict { .. }), "{error}"),
        }
    }
    assert_eq!(won, 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn writers_without_a_version_each_get_their_turn(pool: PgPool) {
    let world = World::of(pool);
    let (projects, ada) = (world.services.projects(), user("ada"));
    let project = import(&world, &ada, "blog").await;
    let renames = (0..8).map(|number| {
        let (projects, ada) = (projects.clone(), ada.clone());
        tokio::spawn(async move { projects.rename(&ada, project.id, &format!("name {number}")).await })
    });
    for rename in renames.collect::<Vec<_>>() {
        rename.await.unwrap().unwrap();
    }
    assert_eq!(projects.get(&ada, project.id).await.unwrap().version, 9);
}

#[sqlx::test(migrations = "../migrations")]
async fn what_cannot_be_kept_of_a_canvas_is_refused(pool: PgPool) {
    let world = World::of(pool);
    let (projects, ada) = (world.services.projects(), user("ada"));
    let project = import(&world, &ada, "blog").await;
    let mut huge = draft(1, COMPOSE);
    huge.canvas.notes.insert("web".to_owned(), "x".repeat(300_000));
    assert!(matches!(projects.save_draft(&ada, project.id, huge).await, Err(ProjectError::TooLarge { .. })));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_service_whose_name_postgresql_cannot_keep_hinders_nothing(pool: PgPool) {
    let world = World::of(pool);
    let (projects, ada) = (world.services.projects(), user("ada"));
    let project = import(&world, &ada, "blog").await;
    let text = "services:\n  \"a\\0b\": {image: nginx:1.27}\n";
    projects.save_draft(&ada, project.id, draft(1, text)).await.unwrap();
    assert_eq!(projects.compose(&ada, project.id).await.unwrap(), text);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_saved_draft_reaches_form_and_list_and_leaves_the_rest(pool: PgPool) {
    let world = World::of(pool);
    let (projects, ada) = (world.services.projects(), user("ada"));
    let before = import(&world, &ada, "blog").await;
    let text = "services:\n  shop: {image: nginx:1.27}\n";
    projects.save_draft(&ada, before.id, draft(1, text)).await.unwrap();
    let after = projects.get(&ada, before.id).await.unwrap();
    assert_eq!((after.version, after.name.as_str(), after.stack_id), (2, "blog", before.stack_id));
    let metadata = after.metadata.value();
    assert_eq!(metadata["custom"]["custom_stack_code"], "blog");
    assert!(metadata.to_string().contains("nginx"), "{metadata}");
    assert_eq!(after.request_json.value(), before.request_json.value());
    let listed = projects.summaries(&ada, None).await.unwrap();
    assert_eq!(listed[0].services, ["shop"]);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_rename_keeps_the_text_and_reaches_the_form(pool: PgPool) {
    let world = World::of(pool);
    let (projects, ada) = (world.services.projects(), user("ada"));
    let before = import(&world, &ada, "blog").await;
    let draft = projects.rename(&ada, before.id, "shop").await.unwrap();
    assert_eq!((draft.name.as_str(), draft.compose.as_str(), draft.version), ("shop", COMPOSE, 2));
    let after = projects.get(&ada, before.id).await.unwrap();
    assert_eq!(after.metadata.value()["custom"]["custom_stack_code"], "shop");
    assert_eq!((after.stack_id, after.created_at), (before.stack_id, before.created_at));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_duplicate_is_a_project_of_its_own(pool: PgPool) {
    let world = World::of(pool);
    let (projects, ada) = (world.services.projects(), user("ada"));
    let original = import(&world, &ada, "blog").await;
    projects.save_draft(&ada, original.id, draft(1, COMPOSE)).await.unwrap();
    let copy = projects.duplicate(&ada, original.id).await.unwrap();
    assert_eq!((copy.name.as_str(), copy.compose.as_str(), copy.version), ("blog (copy)", COMPOSE, 1));
    assert_eq!(copy.canvas, draft(1, "").canvas);
    let copied = projects.get(&ada, copy.id).await.unwrap();
    assert_ne!((copied.id, copied.stack_id), (original.id, original.stack_id));
}

#[sqlx::test(migrations = "../migrations")]
async fn the_limit_holds_also_when_projects_are_made_at_once(pool: PgPool) {
    let world = World::with(pool, "limits:\n  max_projects: 3\n");
    let projects = world.services.projects();
    let makers = (0..8).map(|number| {
        let projects = projects.clone();
        tokio::spawn(async move { projects.create_empty(&user("ada"), &format!("stack {number}")).await })
    });
    let mut made = 0;
    for maker in makers.collect::<Vec<_>>() {
        match maker.await.unwrap() {
            Ok(_) => made += 1,
            Err(error) => assert!(
                matches!(error, ProjectError::LimitReached(AccountLimit::Projects { used: 3, limit: 3 })),
                "{error}"
            ),
        }
    }
    assert_eq!(made, 3);
    projects.create_empty(&user("bob"), "his own").await.unwrap();
}
