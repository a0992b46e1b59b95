use serde_json::json;

use crate::helpers::{form, spawn_app};

/// A project of another user looks like a missing one, for reads and writes alike.
#[tokio::test]
async fn what_belongs_to_somebody_else_is_not_found() {
    let app = spawn_app().await;
    let hers = app.client("alice").await.create(&form("hers")).await;
    let stranger = app.client("bob").await;

    for id in [hers, 2_000_000_000] {
        let project = format!("/project/{id}");
        let (compose, edits) = (format!("{project}/compose"), format!("{project}/edits"));
        let requests = [
            stranger.get(&project),
            stranger.put(&project).json(&form("mine now")),
            stranger.delete(&project),
            stranger.get(&compose),
            stranger.put(&compose).json(&json!({"compose": "services: {}\n"})),
            stranger.post(&edits).json(&json!({"edits": []})),
        ];
        for request in requests {
            let answer = request.send().await.unwrap();
            let what = answer.url().clone();
            assert_eq!(answer.status(), 404, "{what}");
            let body: serde_json::Value = answer.json().await.unwrap();
            assert_eq!(
                (&body["code"], &body["message"]),
                (&json!("not-found"), &json!("not found")),
                "{what}"
            );
        }
    }
    assert_eq!(app.client("alice").await.get_json(&format!("/project/{hers}")).await["item"]["name"], "hers");
}

#[tokio::test]
async fn a_list_holds_ones_own_projects_only() {
    let app = spawn_app().await;
    app.client("alice").await.create(&form("hers")).await;

    let listed = app.client("bob").await.get_json("/project").await;

    assert_eq!(listed["list"], json!([]));
}
