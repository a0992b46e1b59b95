//! Project members and invitations, over REST: codes, statuses, and what is never shown.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::helpers::{ApiClient, spawn_app};

async fn answer(request: reqwest::RequestBuilder) -> (StatusCode, Value) {
    let answer = request.send().await.unwrap();
    (answer.status(), answer.json().await.unwrap())
}

async fn code(owner: &ApiClient, project: i64, role: &str) -> String {
    let path = format!("/project/{project}/invitations");
    let (status, body) = answer(owner.post(&path).json(&json!({"role": role}))).await;
    assert_eq!(status, StatusCode::CREATED);
    body["item"]["code"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn people_come_change_and_go() {
    let app = spawn_app().await;
    let (ada, bob) = (app.client("ada").await, app.client("bob").await);
    let project = ada.import("shop", "services:\n  web:\n    image: nginx:1.27\n").await;
    let members = format!("/project/{project}/members");
    let code = code(&ada, project, "viewer").await;

    let (status, body) = answer(bob.post("/project/join").json(&json!({"code": code}))).await;
    assert_eq!((status, &body["item"]["role"]), (StatusCode::OK, &json!("viewer")));
    let (status, body) = answer(bob.post("/project/join").json(&json!({"code": code}))).await;
    assert_eq!((status, &body["code"]), (StatusCode::FORBIDDEN, &json!("invitation-invalid")));

    let (_, body) = answer(bob.get(&members)).await;
    assert_eq!(body["item"]["role"], "viewer");
    assert_eq!(body["item"]["invitations"], json!([]));
    let edits = format!("/project/{project}/edits");
    let edit = json!({"edits": [{"op": "set_image", "service": "web", "image": "nginx:1.28"}]});
    let (status, body) = answer(bob.post(&edits).json(&edit)).await;
    assert_eq!((status, &body["code"]), (StatusCode::FORBIDDEN, &json!("project-role")));
    assert_eq!(
        body["message"],
        "you are a viewer of this project, but this requires an editor: ask the owner"
    );

    let bobs = format!("{members}/bob");
    let (status, body) = answer(ada.put(&bobs).json(&json!({"role": "owner"}))).await;
    assert_eq!((status, &body["errors"][0]["field"]), (StatusCode::BAD_REQUEST, &json!("role")));
    let (status, _) = answer(ada.put(&bobs).json(&json!({"role": "editor"}))).await;
    assert_eq!(status, StatusCode::OK);
    let (status, _) = answer(bob.post(&edits).json(&edit)).await;
    assert_eq!(status, StatusCode::OK);

    let transfer = format!("/project/{project}/transfer");
    let (status, body) =
        answer(ada.post(&transfer).json(&json!({"user_id": "bob", "confirm_name": "sh"}))).await;
    assert_eq!((status, &body["code"]), (StatusCode::BAD_REQUEST, &json!("not-confirmed")));
    let (status, body) =
        answer(ada.post(&transfer).json(&json!({"user_id": "bob", "confirm_name": "shop"}))).await;
    assert_eq!((status, &body["item"]["owner"]["user_id"]), (StatusCode::OK, &json!("bob")));

    let (status, body) = answer(bob.delete(&bobs)).await;
    assert_eq!((status, &body["code"]), (StatusCode::CONFLICT, &json!("owner-stays")));
    let (status, _) = answer(ada.delete(&format!("{members}/ada"))).await;
    assert_eq!(status, StatusCode::OK);
    let (status, _) = answer(ada.get(&members)).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_code_is_in_one_answer_only() {
    let app = spawn_app().await;
    let ada = app.client("ada").await;
    let project = ada.import("shop", "services: {}\n").await;
    let code = code(&ada, project, "editor").await;
    let shown = ada.get(&format!("/project/{project}/members")).send().await.unwrap().text().await.unwrap();
    assert!(shown.contains("\"role\":\"editor\"") && !shown.contains(&code), "{shown}");
}
