use std::collections::BTreeMap;

use domain::{
    access::{Caller, Role},
    stack::{Canvas, Edit, Values},
};
use sqlx::PgPool;
use stacker::services::{Page, ProjectError, SaveDraft, Services};

use super::import;
use crate::helpers::{World, admin, caller, user};

/// Calls every use case on one project; returns their names and errors.
async fn all_of(services: &Services, caller: &Caller, id: i32) -> Vec<(&'static str, ProjectError)> {
    let projects = services.projects();
    let draft = SaveDraft {
        version: 1,
        compose: String::new(),
        canvas: Canvas::default(),
        values: Values::default(),
    };
    let edit = Edit::RemoveService { service: "web".to_owned(), clean_up: false };
    vec![
        ("get", projects.get(caller, id).await.unwrap_err()),
        ("get_draft", projects.get_draft(caller, id).await.unwrap_err()),
        ("compose", projects.compose(caller, id).await.unwrap_err()),
        ("rename", projects.rename(caller, id, "mine").await.unwrap_err()),
        ("duplicate", projects.duplicate(caller, id).await.unwrap_err()),
        ("replace_compose", projects.replace_compose(caller, id, "", None).await.unwrap_err()),
        ("save_draft", projects.save_draft(caller, id, draft).await.unwrap_err()),
        ("apply_edits", projects.apply_edits(caller, id, None, &[edit]).await.unwrap_err()),
        (
            "update_from_form",
            projects.update_from_form(caller, id, serde_json::json!({}), None).await.unwrap_err(),
        ),
        ("env", projects.env(caller, id).await.unwrap_err()),
        ("set_env", projects.set_env(caller, id, None, BTreeMap::new()).await.unwrap_err()),
        ("delete", projects.delete(caller, id, None).await.unwrap_err()),
    ]
}

#[sqlx::test(migrations = "../migrations")]
async fn a_project_of_somebody_else_is_not_there(pool: PgPool) {
    let world = World::of(pool);
    let project = import(&world, &user("ada"), "blog").await;
    // An administrator can read other users' projects through the administrators' routes only.
    for stranger in [user("bob"), admin()] {
        for (use_case, error) in all_of(&world.services, &stranger, project.id).await {
            assert!(matches!(error, ProjectError::NotFound), "{use_case}: {error}");
        }
        assert!(world.services.projects().list(&stranger, Page::default()).await.unwrap().items.is_empty());
        assert!(world.services.projects().summaries(&stranger, None).await.unwrap().is_empty());
    }
    assert_eq!(world.services.projects().get(&user("ada"), project.id).await.unwrap(), project);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_role_without_projects_may_nothing_even_with_its_own_id(pool: PgPool) {
    let world = World::of(pool);
    let project = import(&world, &user("ada"), "blog").await;
    for role in [Role::Agent, Role::Client, Role::Other("emperor".to_owned())] {
        for (use_case, error) in all_of(&world.services, &caller("ada", role), project.id).await {
            assert!(matches!(error, ProjectError::Forbidden), "{use_case}: {error}");
        }
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_for_administrators_is_for_nobody_else(pool: PgPool) {
    let world = World::of(pool);
    let project = import(&world, &user("ada"), "blog").await;
    let projects = world.services.projects();
    for other in [user("ada"), caller("ada", Role::Agent)] {
        let listed = projects.list_of_user(&other, "ada", Page::default()).await.unwrap_err();
        assert!(matches!(listed, ProjectError::Forbidden));
        let compose = projects.compose_of_any(&other, project.id).await.unwrap_err();
        assert!(matches!(compose, ProjectError::Forbidden));
    }
}
