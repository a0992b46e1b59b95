//! Casbin rules that operators change: a removed rule takes effect at once, and no change opens anything by accident.

use domain::access::{Caller, Role};
use reqwest::{Method, StatusCode};
use secrecy::ExposeSecret as _;
use serde_json::json;
use stacker::services::{Browser, NewRule};

use crate::{
    access::Program,
    helpers::{TestApp, caller, spawn_app},
};

fn allow(subject: &str, pattern: &str, method: &str) -> NewRule {
    let own = |text: &str| text.to_owned();
    NewRule::Allow { subject: own(subject), pattern: own(pattern), method: own(method) }
}

/// Loads the rules, as if every notification had arrived.
async fn in_force(app: &TestApp) {
    app.services.load_rest_rules().await.unwrap();
}

#[tokio::test]
async fn every_route_has_a_rule_and_a_route_without_one_is_closed_to_everybody() {
    let app = spawn_app().await;
    let root = app.admin("root").await;
    for (method, path) in app.rest_routes().await {
        let for_agents = path.starts_with("/api/v1/agent/") || path == "/api/v1/apps/status";
        let subject = if for_agents && !path.ends_with("enqueue") { "agent" } else { "root" };
        let explained = app.services.rest_rules().explain(&[subject], &path, &method).unwrap();
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
    // API clients lose the rights of users, and this client is allowed to read one project.
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
    // An anonymous caller still gets 401.
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

#[tokio::test]
async fn routes_that_were_dead_by_the_rules_of_old_let_in_whom_they_are_for() {
    let app = spawn_app().await;
    let (ada, root) = (app.client("ada").await, app.admin("root").await);
    let project = ada.import("one", "services: {}\n").await;
    let compose = root.get(&format!("/admin/project/{project}/compose")).send().await.unwrap();
    assert_eq!(compose.status(), StatusCode::OK);
    // Rules for the subject `client` apply to every API client.
    let program = Program::of(&app, "ada", json!({"name": "ci"})).await;
    let signed = program.signed(&app, Method::POST, "/test/deploy", "{}").send().await.unwrap();
    assert_eq!(signed.status(), StatusCode::OK);
    let agent = app.agent_of("ada").await;
    let body = json!({"deployment_hash": agent.hash, "command_type": "backup"}).to_string();
    let enqueued = program.signed(&app, Method::POST, "/api/v1/agent/commands/enqueue", &body).send().await;
    assert!(enqueued.unwrap().status().is_success());
}

#[tokio::test]
async fn an_administrator_is_told_over_rest_why_somebody_may_or_may_not() {
    let app = spawn_app().await;
    let root = app.admin("root").await;
    let why = |subject: &str, method: &str, path: &str| {
        format!("/api/v1/policy/decision?subject={subject}&method={method}&path={path}")
    };
    let told = root.get_json(&why("group_admin", "GET", "/project/7")).await;
    assert_eq!(told["item"]["allowed"], true);
    let expected = json!({"ptype": "p", "subject": "group_user", "object": "/project/:id", "action": "GET"});
    for (part, value) in expected.as_object().unwrap() {
        assert_eq!(&told["item"]["rule"][part], value);
    }
    assert_eq!(told["item"]["chain"], json!(["group_admin", "group_user"]));
    assert_eq!(told["item"]["route"], "/project/{id}");
    let refused = root.get_json(&why("agent", "DELETE", "/project/7")).await;
    assert_eq!((&refused["item"]["allowed"], &refused["item"]["rule"]), (&json!(false), &json!(null)));
    assert!(!refused["item"]["nearest"].as_array().unwrap().is_empty());

    let program = Program::of(&app, "ada", json!({"name": "ci"})).await;
    let told = root.get_json(&why(&program.id.to_string(), "POST", "/check")).await;
    assert_eq!(told["item"]["subject"]["kind"], "client");
    assert_eq!(told["item"]["subject"]["clients"][0]["user_id"], "ada");

    for (path, status, code) in [
        (why("nobody-we-know", "GET", "/project"), StatusCode::NOT_FOUND, "role-unknown"),
        (why("root", "LOOK", "/project"), StatusCode::BAD_REQUEST, "invalid-query"),
        ("/api/v1/policy/decision".to_owned(), StatusCode::BAD_REQUEST, "invalid-query"),
    ] {
        let answer = root.get(&path).send().await.unwrap();
        assert_eq!(answer.status(), status, "{path}");
        assert_eq!(answer.json::<serde_json::Value>().await.unwrap()["code"], code, "{path}");
    }
}

#[tokio::test]
async fn the_rules_page_is_for_administrators_and_answers_in_its_first_paint() {
    let app = spawn_app().await;
    let page = async |caller: &Caller, path: &str| {
        let token = app.services.sessions().start(caller, &Browser::default()).await.unwrap();
        let request = app.anonymous().get(app.url(path)).header("accept", "text/html");
        let cookie = format!("stacker_session={}", token.expose_secret());
        let answer = request.header("cookie", cookie).send().await.unwrap();
        (answer.status(), answer.text().await.unwrap())
    };
    let root = Caller { role: Role::GroupAdmin, ..caller("root") };
    let (status, text) = page(&root, "/admin/rules?subject=root&method=GET&path=/project/7").await;
    assert_eq!(status, StatusCode::OK);
    for part in [
        "Allowed: root may send GET /project/7",
        "group_user may send GET /project/:id",
        "root is a member of group_admin, which is a member of group_user",
        "GET /admin/project/{id}/compose",
        "console policy add",
    ] {
        assert!(text.contains(part), "{part}");
    }
    let (_, text) = page(&root, "/admin/rules?subject=agent&path=/project/7&method=PUT").await;
    assert!(text.contains("Refused: agent may not send PUT /project/7") && text.contains("another subject"));
    let (status, text) = page(&root, "/admin/rules?subject=0xdeadbeef&path=/project/7").await;
    assert!(status == StatusCode::OK && text.contains("is unknown"), "{status}");
    let (_, text) = page(&root, "/").await;
    assert!(text.contains("href=\"/admin/rules\""));

    let (status, text) = page(&caller("ada"), "/admin/rules?subject=root&path=/project/7").await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(text.contains("Not allowed") && !text.contains("group_admin"));
    let (_, text) = page(&caller("ada"), "/").await;
    assert!(!text.contains("/admin/rules"));
}
