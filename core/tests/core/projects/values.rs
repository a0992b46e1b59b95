//! The values of variables: sealed, shown by name, and for editors only.

use std::collections::BTreeMap;

use domain::{
    access::{Caller, ProjectRole, Scope},
    api::TransferProject,
    stack::{Canvas, Edit, HeldValue, SecretText, Values},
};
use serde_json::{Value, json};
use sqlx::PgPool;
use stacker::{
    db::Pool,
    services::{ProjectError, SaveDraft},
};

use crate::{
    helpers::{World, user},
    sharing::let_in,
};

const TEXT: &str =
    "services:\n  db:\n    image: postgres:17\n    environment:\n      POSTGRES_PASSWORD: ${DB_PASSWORD}\n";
const SECRET: &str = "hunter2-of-ada";

fn values(pairs: &[(&str, &str)]) -> Values {
    let mut values = Values::default();
    for (name, text) in pairs {
        values.set(name, SecretText::new(*text)).unwrap();
    }
    values
}

fn draft(version: i32, values: Values) -> SaveDraft {
    SaveDraft { version, compose: TEXT.to_owned(), canvas: Canvas::default(), values }
}

/// A project with one value, as the builder saves it.
async fn with_value(world: &World, ada: &Caller) -> i32 {
    let projects = world.services.projects();
    let id = projects.create_empty(ada, "blog").await.unwrap().id;
    projects.save_draft(ada, id, draft(1, values(&[("DB_PASSWORD", SECRET)]))).await.unwrap();
    id
}

async fn texts(world: &World, caller: &Caller, id: i32) -> BTreeMap<String, String> {
    let env = world.services.projects().env(caller, id).await.unwrap();
    env.values.into_iter().map(|(name, text)| (name, text.expose().to_owned())).collect()
}

fn only(name: &str, text: &str) -> BTreeMap<String, String> {
    BTreeMap::from([(name.to_owned(), text.to_owned())])
}

async fn audited(pool: &Pool, action: &str) -> Vec<Value> {
    sqlx::query_scalar("select details from audit_log where action = $1 order by created_at, id")
        .bind(action)
        .fetch_all(pool)
        .await
        .unwrap()
}

/// The row of every project as text, without the sealed column.
async fn rows(pool: &Pool) -> String {
    sqlx::query_scalar("select string_agg((to_jsonb(p) - 'values_sealed')::text, '') from project p")
        .fetch_one(pool)
        .await
        .unwrap()
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_typed_is_sealed_with_the_text_and_only_its_name_comes_back(pool: PgPool) {
    let world = World::of(pool);
    let (projects, ada) = (world.services.projects(), user("ada"));
    let id = with_value(&world, &ada).await;
    let loaded = projects.get_draft(&ada, id).await.unwrap();
    assert_eq!(loaded.values, Values::stored([("DB_PASSWORD".to_owned(), 1)]));
    assert_eq!(texts(&world, &ada, id).await, only("DB_PASSWORD", SECRET));
    assert!(!rows(&world.pool).await.contains(SECRET));
    let sealed: Vec<u8> =
        sqlx::query_scalar("select values_sealed from project").fetch_one(&world.pool).await.unwrap();
    assert!(!sealed.windows(SECRET.len()).any(|part| part == SECRET.as_bytes()));
    assert_eq!(
        audited(&world.pool, "project.values_changed").await,
        [json!({"project_id": id, "set": ["DB_PASSWORD"], "removed": []})]
    );
    assert_eq!(
        audited(&world.pool, "project.values_read").await,
        [json!({"project_id": id, "names": ["DB_PASSWORD"]})]
    );

    // The same text again, as new or by its number, is no change.
    projects.save_draft(&ada, id, draft(2, values(&[("DB_PASSWORD", SECRET)]))).await.unwrap();
    projects.save_draft(&ada, id, draft(3, loaded.values.clone())).await.unwrap();
    assert_eq!(projects.get_draft(&ada, id).await.unwrap().values, loaded.values);
    assert_eq!(audited(&world.pool, "project.values_changed").await.len(), 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn undo_brings_a_removed_or_replaced_value_back(pool: PgPool) {
    let world = World::of(pool);
    let (projects, ada) = (world.services.projects(), user("ada"));
    let id = with_value(&world, &ada).await;
    let before = projects.get_draft(&ada, id).await.unwrap().values;
    projects.save_draft(&ada, id, draft(2, values(&[("DB_PASSWORD", "another")]))).await.unwrap();
    assert_eq!(texts(&world, &ada, id).await, only("DB_PASSWORD", "another"));
    projects.save_draft(&ada, id, draft(3, Values::default())).await.unwrap();
    assert!(texts(&world, &ada, id).await.is_empty());
    projects.save_draft(&ada, id, draft(4, before)).await.unwrap();
    assert_eq!(texts(&world, &ada, id).await, only("DB_PASSWORD", SECRET));
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_removed_over_rest_is_gone_for_good(pool: PgPool) {
    let world = World::of(pool);
    let (projects, ada) = (world.services.projects(), user("ada"));
    let id = with_value(&world, &ada).await;
    let before = projects.get_draft(&ada, id).await.unwrap();
    let set = |name: &str, text: Option<&str>| BTreeMap::from([(name.to_owned(), text.map(SecretText::new))]);
    let after = projects.set_env(&ada, id, Some(2), set("OTHER", Some("x"))).await.unwrap();
    assert_eq!((after.version, after.values.names().collect::<Vec<_>>()), (3, vec!["DB_PASSWORD", "OTHER"]));
    let stale = projects.set_env(&ada, id, Some(2), set("OTHER", None)).await.unwrap_err();
    assert!(matches!(stale, ProjectError::VersionConflict { .. }), "{stale}");
    projects.set_env(&ada, id, None, set("DB_PASSWORD", None)).await.unwrap();
    assert_eq!(texts(&world, &ada, id).await, only("OTHER", "x"));

    let gone = projects.save_draft(&ada, id, draft(4, before.values)).await.unwrap_err();
    assert!(
        matches!(&gone, ProjectError::Invalid { errors } if errors[0].field == "values.DB_PASSWORD"),
        "{gone}"
    );
    let bad = projects.set_env(&ada, id, None, set("A-B", Some("x"))).await.unwrap_err();
    assert!(matches!(&bad, ProjectError::Invalid { errors } if errors[0].field == "values.A-B"), "{bad}");
    let many = (0..17).map(|at| (format!("A{at}"), Some(SecretText::new("x".repeat(16 * 1024))))).collect();
    let much = projects.set_env(&ada, id, None, many).await.unwrap_err();
    assert!(matches!(much, ProjectError::TooLarge { what: "values", .. }), "{much}");
    assert_eq!(texts(&world, &ada, id).await, only("OTHER", "x"));
}

#[sqlx::test(migrations = "../migrations")]
async fn edits_bring_their_values_along(pool: PgPool) {
    let world = World::of(pool);
    let (projects, ada) = (world.services.projects(), user("ada"));
    let id = projects.create_empty(&ada, "blog").await.unwrap().id;
    // The body that clients have always sent.
    let edit: Edit = serde_json::from_value(
        json!({"op": "add_service", "service": "db", "app": "postgres", "secrets": {"password": SECRET}}),
    )
    .unwrap();
    let (draft, findings) = projects.apply_edits(&ada, id, None, &[edit]).await.unwrap();
    assert!(draft.compose.contains("POSTGRES_PASSWORD: ${POSTGRES_PASSWORD}"), "{}", draft.compose);
    assert!(findings.is_empty(), "{findings:#?}");
    assert_eq!(texts(&world, &ada, id).await, only("POSTGRES_PASSWORD", SECRET));
    assert!(!rows(&world.pool).await.contains(SECRET));

    let literal = TEXT.replace("${DB_PASSWORD}", "written-out");
    let (_, findings) = projects.replace_compose(&ada, id, &literal, None).await.unwrap();
    let fix = findings[0].fix_all.clone().unwrap();
    let (moved, findings) = projects.apply_edits(&ada, id, None, &[fix.edit]).await.unwrap();
    assert!(findings.is_empty(), "{findings:#?}");
    assert!(moved.values.iter().all(|(_, value)| matches!(value, HeldValue::Stored(_))));
    assert!(texts(&world, &ada, id).await.values().any(|text| text == "written-out"));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_copy_has_its_own_values_and_only_if_its_maker_may_see_them(pool: PgPool) {
    let world = World::of(pool);
    let (projects, ada, bob) = (world.services.projects(), user("ada"), user("bob"));
    let id = with_value(&world, &ada).await;
    let copy = projects.duplicate(&ada, id).await.unwrap();
    assert_eq!(texts(&world, &ada, copy.id).await, only("DB_PASSWORD", SECRET));
    for role in [ProjectRole::Viewer, ProjectRole::Operator] {
        let id = with_value(&world, &ada).await;
        let_in(&world, &ada, id, &bob, role).await;
        let copy = projects.duplicate(&bob, id).await.unwrap();
        assert!(copy.values.is_empty());
        assert!(texts(&world, &bob, copy.id).await.is_empty());
    }
    let_in(&world, &ada, id, &bob, ProjectRole::Editor).await;
    let reader = Caller { scope: Scope::Read, ..bob.clone() };
    assert!(projects.duplicate(&reader, id).await.is_err());
    let his = projects.duplicate(&bob, id).await.unwrap();
    assert_eq!(texts(&world, &bob, his.id).await, only("DB_PASSWORD", SECRET));
    projects.delete(&ada, id, Some("blog")).await.unwrap();
    assert_eq!(texts(&world, &bob, his.id).await, only("DB_PASSWORD", SECRET));
    // A sealed value that is moved to another row does not open.
    sqlx::query("update project set values_sealed = (select values_sealed from project where id = $1), value_numbers = '{\"DB_PASSWORD\": 1}' where id = $2")
        .bind(copy.id)
        .bind(his.id)
        .execute(&world.pool)
        .await
        .unwrap();
    assert!(matches!(projects.env(&bob, his.id).await, Err(ProjectError::Internal(_))));
}

#[sqlx::test(migrations = "../migrations")]
async fn those_who_only_look_or_operate_see_names_and_a_new_owner_sees_the_values(pool: PgPool) {
    let world = World::of(pool);
    let (projects, ada, bob) = (world.services.projects(), user("ada"), user("bob"));
    let id = with_value(&world, &ada).await;
    let_in(&world, &ada, id, &bob, ProjectRole::Viewer).await;
    for role in [ProjectRole::Viewer, ProjectRole::Operator] {
        projects.set_role(&ada, id, "bob", role).await.unwrap();
        let draft = projects.get_draft(&bob, id).await.unwrap();
        assert_eq!(draft.values.names().collect::<Vec<_>>(), ["DB_PASSWORD"]);
        assert!(!serde_json::to_string(&draft).unwrap().contains(SECRET));
        assert!(matches!(projects.env(&bob, id).await, Err(ProjectError::LacksRole(_))));
        let set = BTreeMap::from([("DB_PASSWORD".to_owned(), None)]);
        assert!(matches!(projects.set_env(&bob, id, None, set).await, Err(ProjectError::LacksRole(_))));
    }
    // A token that may only read shows no secrets, even to the owner.
    let reader = Caller { scope: Scope::Read, ..ada.clone() };
    assert!(matches!(projects.env(&reader, id).await, Err(ProjectError::Forbidden)));
    assert_eq!(audited(&world.pool, "project.values_read").await.len(), 0);

    let to = TransferProject { user_id: "bob".to_owned(), confirm_name: "blog".to_owned() };
    projects.transfer(&ada, id, to).await.unwrap();
    assert_eq!(texts(&world, &bob, id).await, only("DB_PASSWORD", SECRET));
}
