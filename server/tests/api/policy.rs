//! The rules of operators, over the wire: what they take away is closed at once, and nothing is opened by accident.

use reqwest::{Method, StatusCode};
use serde_json::json;
use stacker::services::NewRule;

use crate::{
    access::Program,
    helpers::{TestApp, spawn_app},
};

fn allow(subject: &str, pattern: &str, method: &str) -> NewRule {
    let own = |text: &str| text.to_owned();
    NewRule::Allow { subject: own(subject), pattern: own(pattern), method: own(method) }
}

/// As if every notification had arrived.
async fn in_force(app: &TestApp) {
    app.services.load_policy().await.unwrap();
}

#[tokio::test]
async fn every_route_has_a_rule_and_a_route_without_one_is_closed_to_everybody() {
    let app = spawn_app().await;
    let root = app.admin("root").await;
    for (method, path) in app.rest_routes().await {
        let for_agents = path.starts_with("/api/v1/agent/") || path == "/api/v1/apps/status";
        let subject = if for_agents && !path.ends_with("enqueue") { "agent" } else { "root" };
        let explained = app.services.policy().explain(subject, &path, &method).unwrap();
        assert!(explained.allowed, "{subject} {method} {path}");
    }
    app.services.rules().remove(&allow("group_user", "/api/v1/hosts", "GET")).await.unwrap();
    in_force(&app).await;
    let closed = root.get("/api/v1/hosts").send().await.unwrap();
    assert_eq!(closed.status(), StatusCode::FORBIDDEN);
    let body: serde_json::Value = closed.json().await.unwrap();
    assert_eq!(body["code"], "forbidden");
    assert_eq!(
        root.post("/api/v1/hosts").json(&json!({"name": "attic"})).send().await.unwrap().status(),
        201
    );
    let stranger = app.anonymous().get(app.url("/api/v1/hosts")).send().await.unwrap();
    assert_eq!(stranger.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_rule_names_one_client_and_one_thing() {
    let app = spawn_app().await;
    let ada = app.client("ada").await;
    let ids = [ada.import("one", "services: {}\n").await, ada.import("two", "services: {}\n").await];
    let program = Program::of(&app, "ada", json!({"name": "ci"})).await;
    let get = async |id: i64| {
        let request = program.signed(&app, Method::GET, &format!("/project/{id}"), "");
        request.send().await.unwrap().status()
    };
    assert_eq!((get(ids[0]).await, get(ids[1]).await), (StatusCode::OK, StatusCode::OK));
    // Clients no longer may what users may, and this one may look at one project.
    let member = NewRule::Member { member: "client".to_owned(), group: "group_user".to_owned() };
    app.services.rules().remove(&member).await.unwrap();
    app.services
        .rules()
        .add(&allow(&program.id.to_string(), &format!("/project/{}", ids[0]), "GET"))
        .await
        .unwrap();
    in_force(&app).await;
    for _ in 0..2 {
        assert_eq!((get(ids[0]).await, get(ids[1]).await), (StatusCode::OK, StatusCode::FORBIDDEN));
    }
}

#[tokio::test]
async fn agents_can_be_shut_out_by_a_rule_too() {
    let app = spawn_app().await;
    let agent = app.agent_of("ada").await;
    let poll = async || {
        let path = format!("/api/v1/agent/commands/wait/{}?timeout=5", agent.hash);
        agent.get(&path).send().await.unwrap().status()
    };
    assert_eq!(poll().await, StatusCode::OK);
    app.services
        .rules()
        .remove(&allow("agent", "/api/v1/agent/commands/wait/:deployment_hash", "GET"))
        .await
        .unwrap();
    in_force(&app).await;
    assert_eq!(poll().await, StatusCode::FORBIDDEN);
    // Strangers are still told what they lack, and a role that is known may not more than before.
    let stranger = app.anonymous().get(app.url("/api/v1/agent/commands/wait/x")).send().await.unwrap();
    assert_eq!(stranger.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn the_head_of_an_answer_is_for_whom_the_answer_is() {
    let app = spawn_app().await;
    let ada = app.client("ada").await;
    let head = ada.request(Method::HEAD, "/project").send().await.unwrap();
    assert_eq!(head.status(), StatusCode::OK);
    let stranger = app.anonymous().head(app.url("/project")).send().await.unwrap();
    assert_eq!(stranger.status(), StatusCode::UNAUTHORIZED);
}
