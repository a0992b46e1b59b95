//! Credentials for registries: what is stored and shown of them, and whose they are.

use domain::{
    access::Caller,
    api::{RegistryItem, SaveRegistry},
    stack::SecretText,
};
use sqlx::PgPool;
use stacker::services::{ImageError, Page};

use crate::{
    deployments::project,
    helpers::{World, user},
};

pub const PASSWORD: &str = "ghp-0123456789abcd";

pub fn ghcr() -> SaveRegistry {
    SaveRegistry {
        server: "GHCR.io".to_owned(),
        username: "ada".to_owned(),
        password: Some(SecretText::new(PASSWORD)),
        project_id: None,
    }
}

async fn create(world: &World, caller: &Caller, body: SaveRegistry) -> RegistryItem {
    world.services.images().create_credential(caller, body).await.unwrap()
}

fn wrong_field(result: Result<RegistryItem, ImageError>) -> String {
    let errors = match result {
        Err(ImageError::Invalid { errors }) => Some(errors),
        _ => None,
    }
    .unwrap();
    errors.into_iter().map(|error| error.field).collect::<Vec<_>>().join(" ")
}

#[sqlx::test(migrations = "../migrations")]
async fn a_password_is_sealed_and_shown_only_by_its_last_four_characters(pool: PgPool) {
    let world = World::of(pool);
    let made = create(&world, &user("ada"), ghcr()).await;
    assert_eq!((made.server.as_str(), made.password.as_str()), ("ghcr.io", "****abcd"));
    let stored: String =
        sqlx::query_scalar("select r::text || encode(password_sealed, 'escape') from registry_credential r")
            .fetch_one(&world.pool)
            .await
            .unwrap();
    assert!(!stored.contains(PASSWORD));
}

#[sqlx::test(migrations = "../migrations")]
async fn an_absent_or_masked_password_stays(pool: PgPool) {
    let world = World::of(pool);
    let (ada, images) = (user("ada"), world.services.images());
    let id = create(&world, &ada, ghcr()).await.id;
    for password in [None, Some(SecretText::new("****abcd"))] {
        let body = SaveRegistry { username: "eva".to_owned(), password, ..ghcr() };
        let changed = images.update_credential(&ada, id, body).await.unwrap();
        assert_eq!((changed.username.as_str(), changed.password.as_str()), ("eva", "****abcd"));
    }
    let body = SaveRegistry { password: Some(SecretText::new("another-password-wxyz")), ..ghcr() };
    assert_eq!(images.update_credential(&ada, id, body).await.unwrap().password, "****wxyz");
}

#[sqlx::test(migrations = "../migrations")]
async fn a_stored_password_does_not_move_to_another_registry(pool: PgPool) {
    let world = World::of(pool);
    let (ada, images) = (user("ada"), world.services.images());
    let id = create(&world, &ada, ghcr()).await.id;
    for password in [None, Some(SecretText::new("****abcd"))] {
        let body = SaveRegistry { server: "evil.example.com".to_owned(), password, ..ghcr() };
        assert_eq!(wrong_field(images.update_credential(&ada, id, body).await), "password");
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_registry_has_one_set_of_credentials_for_all_projects_and_one_for_each(pool: PgPool) {
    let world = World::of(pool);
    let (ada, images) = (user("ada"), world.services.images());
    create(&world, &ada, ghcr()).await;
    let again = images.create_credential(&ada, ghcr()).await;
    assert!(matches!(again, Err(ImageError::AlreadyThere)));
    let shop = project(&world, &ada).await;
    create(&world, &ada, SaveRegistry { project_id: Some(shop), ..ghcr() }).await;
    create(&world, &user("bob"), ghcr()).await;
    assert_eq!(images.list_credentials(&ada, Page::default()).await.unwrap().items.len(), 2);
}

#[sqlx::test(migrations = "../migrations")]
async fn credentials_of_others_do_not_exist(pool: PgPool) {
    let world = World::of(pool);
    let (bob, images) = (user("bob"), world.services.images());
    let id = create(&world, &user("ada"), ghcr()).await.id;
    assert!(matches!(images.update_credential(&bob, id, ghcr()).await, Err(ImageError::NotFound(_))));
    assert!(matches!(images.delete_credential(&bob, id).await, Err(ImageError::NotFound(_))));
    assert!(images.list_credentials(&bob, Page::default()).await.unwrap().items.is_empty());
}

#[sqlx::test(migrations = "../migrations")]
async fn every_wrong_value_is_named(pool: PgPool) {
    let world = World::of(pool);
    let (ada, images) = (user("ada"), world.services.images());
    let body = SaveRegistry {
        server: "http://a/b".to_owned(),
        username: "a:b".to_owned(),
        password: Some(SecretText::new("")),
        project_id: None,
    };
    assert_eq!(wrong_field(images.create_credential(&ada, body).await), "server username password");
    let without = SaveRegistry { password: None, ..ghcr() };
    assert_eq!(wrong_field(images.create_credential(&ada, without).await), "password");
    let of_bob = project(&world, &user("bob")).await;
    let foreign = SaveRegistry { project_id: Some(of_bob), ..ghcr() };
    assert_eq!(wrong_field(images.create_credential(&ada, foreign).await), "project_id");
}

#[sqlx::test(migrations = "../migrations")]
async fn each_change_is_in_the_audit_log_without_the_password(pool: PgPool) {
    let world = World::of(pool);
    let (ada, images) = (user("ada"), world.services.images());
    let id = create(&world, &ada, ghcr()).await.id;
    images.update_credential(&ada, id, ghcr()).await.unwrap();
    images.delete_credential(&ada, id).await.unwrap();
    let lines: Vec<(String, String)> = sqlx::query_as(
        "select action, details::text from audit_log where action like 'registry.%' order by number",
    )
    .fetch_all(&world.pool)
    .await
    .unwrap();
    let actions: Vec<_> = lines.iter().map(|(action, _)| action.as_str()).collect();
    assert_eq!(actions, ["registry.created", "registry.updated", "registry.deleted"]);
    assert!(lines.iter().all(|(_, details)| details.contains("ghcr.io") && !details.contains(PASSWORD)));
}
