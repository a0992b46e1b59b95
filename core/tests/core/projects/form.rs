use domain::stack::Edit;
use serde_json::{Value, json};
use sqlx::PgPool;
use stacker::services::ProjectError;

use crate::helpers::{World, user};

fn form(name: &str, tag: &str) -> Value {
    json!({
        "commonDomain": "example.com", "region": "fsn1", "cloud_token": "t0ken",
        "custom": {
            "custom_stack_code": name,
            "web": [{
                "_id": "5a", "name": "Nginx", "code": "web", "type": "web", "restart": "always",
                "dockerhub_user": null, "dockerhub_name": format!("nginx:{tag}"), "dockerhub_password": "hunter2",
                "versions": [{"_id": 1, "name": "Nginx", "version": tag, "tag": tag}],
                "environment": [{"key": "MODE", "value": "fast"}],
                "shared_ports": [{"host_port": "8080", "container_port": "80"}],
            }],
        },
    })
}

#[sqlx::test(migrations = "../migrations")]
async fn a_form_becomes_a_project_with_a_compose_file(pool: PgPool) {
    let world = World::of(pool);
    let (projects, ada) = (world.services.projects(), user("ada"));
    let project = projects.create_from_form(&ada, form("shop", "1.27")).await.unwrap();
    assert_eq!((project.name.as_str(), project.version), ("shop", 1));
    assert_eq!(project.metadata.value()["custom"]["web"][0]["code"], "web");
    assert_eq!(project.metadata.value()["custom"]["project_name"], Value::Null);
    let kept = project.request_json.value();
    let keys: Vec<_> = kept.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["commonDomain", "region", "custom"]);
    let compose = projects.compose(&ada, project.id).await.unwrap();
    assert!(compose.contains("nginx") && compose.contains("8080"), "{compose}");
    assert_eq!(projects.get(&ada, project.id).await.unwrap(), project);
}

#[sqlx::test(migrations = "../migrations")]
async fn credentials_of_a_form_are_stored_nowhere(pool: PgPool) {
    let world = World::of(pool);
    let (projects, ada) = (world.services.projects(), user("ada"));
    let project = projects.create_from_form(&ada, form("shop", "1.27")).await.unwrap();
    projects.update_from_form(&ada, project.id, form("shop", "1.28"), None).await.unwrap();
    let row: String =
        sqlx::query_scalar("select p::text from project p").fetch_one(&world.pool).await.unwrap();
    assert!(!row.contains("hunter2") && !row.contains("t0ken"), "{row}");
}

#[sqlx::test(migrations = "../migrations")]
async fn a_form_that_breaks_the_rules_is_refused_field_by_field(pool: PgPool) {
    let world = World::of(pool);
    let (projects, ada) = (world.services.projects(), user("ada"));
    let mut broken = form("shop", "1.27");
    broken["custom"]["web"][0]["restart"] = "sometimes".into();
    broken["custom"]["web"][0]["shared_ports"][0]["container_port"] = "eighty".into();
    let ProjectError::Invalid { errors } = projects.create_from_form(&ada, broken).await.unwrap_err() else {
        panic!("it was accepted")
    };
    let fields: Vec<_> = errors.iter().map(|error| error.field.as_str()).collect();
    assert!(fields.contains(&"custom.web[0].restart"), "{fields:?}");
    assert!(fields.contains(&"custom.web[0].shared_ports[0].container_port"), "{fields:?}");
}

#[sqlx::test(migrations = "../migrations")]
async fn a_form_that_comes_again_changes_what_it_says_and_keeps_the_rest(pool: PgPool) {
    let world = World::of(pool);
    let (projects, ada) = (world.services.projects(), user("ada"));
    let created = projects.create_from_form(&ada, form("shop", "1.27")).await.unwrap();
    // A value that a form cannot express.
    let healthcheck = Edit::SetHealthcheck {
        service: "web".to_owned(),
        test: json!(["CMD", "true"]),
        interval: None,
        timeout: None,
        retries: None,
        start_period: None,
    };
    projects.apply_edits(&ada, created.id, Some(1), &[healthcheck]).await.unwrap();

    world.clock.advance(chrono::TimeDelta::seconds(5));
    let updated = projects.update_from_form(&ada, created.id, form("bazaar", "1.28"), Some(2)).await.unwrap();
    assert_eq!((updated.name.as_str(), updated.version), ("bazaar", 3));
    assert_eq!((updated.stack_id, updated.created_at), (created.stack_id, created.created_at));
    assert!(updated.updated_at > created.updated_at);
    let compose = projects.compose(&ada, created.id).await.unwrap();
    assert!(compose.contains("1.28") && !compose.contains("1.27"), "{compose}");
    assert!(compose.contains("healthcheck"), "{compose}");
}

#[sqlx::test(migrations = "../migrations")]
async fn a_form_with_an_older_version_overwrites_nothing(pool: PgPool) {
    let world = World::of(pool);
    let (projects, ada) = (world.services.projects(), user("ada"));
    let project = projects.create_from_form(&ada, form("shop", "1.27")).await.unwrap();
    projects.rename(&ada, project.id, "bazaar").await.unwrap();
    let error = projects.update_from_form(&ada, project.id, form("lost", "1.28"), Some(1)).await.unwrap_err();
    assert!(matches!(error, ProjectError::VersionConflict { .. }), "{error}");
    assert_eq!(projects.get(&ada, project.id).await.unwrap().name, "bazaar");
}
