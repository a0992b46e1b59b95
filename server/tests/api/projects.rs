use serde_json::json;

use crate::helpers::{form, mock_payload, spawn_app};

#[tokio::test]
async fn the_command_of_old_makes_a_project() {
    let app = spawn_app().await;
    let client = app.client("alice").await;

    let answer = client.post("/project").json(&mock_payload()).send().await.unwrap();

    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "application/json");
    let body: serde_json::Value = answer.json().await.unwrap();
    assert_eq!(body["message"], "Ok");
    assert_eq!(body["item"]["name"], "team-notes");
    assert_eq!(body["item"]["user_id"], "alice");
    assert_eq!(body["item"]["request_json"]["commonDomain"], "notes.example.org");
}

#[tokio::test]
async fn credentials_of_a_form_are_never_stored() {
    let app = spawn_app().await;
    let client = app.client("alice").await;

    let body: serde_json::Value =
        client.post("/project").json(&mock_payload()).send().await.unwrap().json().await.unwrap();

    let stored = body["item"].to_string();
    assert!(!stored.contains("never-stored"), "{stored}");
}

#[tokio::test]
async fn a_project_can_be_read_listed_changed_and_deleted() {
    let app = spawn_app().await;
    let client = app.client("alice").await;
    let id = client.create(&form("first")).await;

    let read = client.get_json(&format!("/project/{id}")).await;
    assert_eq!((&read["message"], &read["item"]["name"]), (&json!("OK"), &json!("first")));

    let listed = client.get_json("/project").await;
    assert_eq!(listed["message"], "OK");
    assert_eq!(listed["list"].as_array().unwrap().len(), 1);
    assert!(listed.get("meta").is_none(), "there is no next page: {listed}");

    let changed = client.put(&format!("/project/{id}")).json(&form("second")).send().await.unwrap();
    assert_eq!(changed.status(), 200);
    let changed: serde_json::Value = changed.json().await.unwrap();
    assert_eq!((&changed["message"], &changed["item"]["name"]), (&json!("success"), &json!("second")));

    let deleted = client.delete(&format!("/project/{id}")).send().await.unwrap();
    assert_eq!(deleted.status(), 200);
    assert_eq!(deleted.json::<serde_json::Value>().await.unwrap(), json!({"message": "Deleted"}));
    assert_eq!(client.get(&format!("/project/{id}")).send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn a_form_becomes_a_compose_file() {
    let app = spawn_app().await;
    let client = app.client("alice").await;
    let id = client.create(&mock_payload()).await;

    let body = client.get_json(&format!("/project/{id}/compose")).await;

    assert_eq!((&body["message"], &body["id"]), (&json!("Success"), &json!(id)));
    let compose = body["item"].as_str().unwrap();
    for line in ["image: hedgedoc/hedgedoc:1.10.0", "image: postgres:17.2"] {
        assert!(compose.contains(line), "{compose}");
    }
}

#[tokio::test]
async fn a_long_list_comes_in_pages() {
    let app = spawn_app().await;
    let client = app.client("alice").await;
    for name in ["one", "two", "three"] {
        client.create(&form(name)).await;
    }

    let first = client.get_json("/project?limit=2").await;
    assert_eq!(first["list"].as_array().unwrap().len(), 2);
    let next = first["meta"]["next"].as_i64().unwrap();

    let second = client.get_json(&format!("/project?limit=2&after={next}")).await;
    let names: Vec<_> =
        second["list"].as_array().unwrap().iter().map(|project| project["name"].clone()).collect();
    assert_eq!(names, ["three"]);
    assert!(second.get("meta").is_none());
}

#[tokio::test]
async fn administrators_see_the_projects_of_a_user() {
    let app = spawn_app().await;
    let id = app.client("alice").await.create(&form("hers")).await;
    let admin = app.admin("root").await;

    let listed = admin.get_json("/admin/project/user/alice").await;
    assert_eq!(listed["list"][0]["id"], id);
    let compose = admin.get_json(&format!("/admin/project/{id}/compose")).await;
    assert!(compose["item"].as_str().unwrap().contains("services:"));

    let user = app.client("bob").await;
    for path in ["/admin/project/user/alice".to_owned(), format!("/admin/project/{id}/compose")] {
        let answer = user.get(&path).send().await.unwrap();
        assert_eq!(answer.status(), 403, "{path}");
        assert_eq!(answer.json::<serde_json::Value>().await.unwrap()["code"], "forbidden");
    }
}
