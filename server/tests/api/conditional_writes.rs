use serde_json::{Value, json};

use crate::helpers::{form, spawn_app};

#[tokio::test]
async fn a_write_based_on_an_old_version_changes_nothing() {
    let app = spawn_app().await;
    let client = app.client("alice").await;
    let id = client.import("Shop", "services: {}\n").await;
    let compose = format!("/project/{id}/compose");
    let write =
        |text: &str, version: i32| client.put(&compose).json(&json!({"version": version, "compose": text}));

    assert_eq!(write("services: {} # mine\n", 1).send().await.unwrap().status(), 200);
    let late = write("services: {} # yours\n", 1).send().await.unwrap();

    assert_eq!(late.status(), 409);
    assert_eq!(late.headers()["etag"], "\"2\"");
    assert_eq!(late.json::<Value>().await.unwrap()["code"], "version-conflict");
    assert_eq!(client.get_json(&compose).await["item"], "services: {} # mine\n");
}

#[tokio::test]
async fn the_version_can_travel_in_headers() {
    let app = spawn_app().await;
    let client = app.client("alice").await;
    let project = format!("/project/{}", client.create(&form("one")).await);

    let read = client.get(&project).send().await.unwrap();
    let tag = read.headers()["etag"].to_str().unwrap().to_owned();
    assert_eq!(tag, format!("\"{}\"", read.json::<Value>().await.unwrap()["item"]["version"]));
    assert_eq!(client.get(&project).header("if-none-match", &tag).send().await.unwrap().status(), 304);

    let first = client.put(&project).header("if-match", &tag).json(&form("two")).send().await.unwrap();
    assert_eq!(first.status(), 200);
    assert_ne!(first.headers()["etag"], tag.as_str());
    let late = client.put(&project).header("if-match", &tag).json(&form("three")).send().await.unwrap();
    assert_eq!(late.status(), 412);
    assert_eq!(late.json::<Value>().await.unwrap()["code"], "version-conflict");
    assert_eq!(client.get(&project).header("if-none-match", &tag).send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn an_old_client_that_knows_no_versions_still_writes() {
    let app = spawn_app().await;
    let client = app.client("alice").await;
    let project = format!("/project/{}", client.create(&form("one")).await);

    for name in ["two", "three"] {
        assert_eq!(client.put(&project).json(&form(name)).send().await.unwrap().status(), 200);
    }
}

#[tokio::test]
async fn of_two_writers_at_once_one_wins() {
    let app = spawn_app().await;
    let client = app.client("alice").await;
    let id = client.import("Shop", "services: {}\n").await;
    let compose = format!("/project/{id}/compose");
    let write = |text: &str| client.put(&compose).json(&json!({"version": 1, "compose": text})).send();

    let (one, other) = tokio::join!(write("services: {} # one\n"), write("services: {} # other\n"));

    let mut statuses = [one.unwrap().status().as_u16(), other.unwrap().status().as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
}
