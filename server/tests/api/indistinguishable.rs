//! Responses must not reveal whether a thing is missing or belongs to another user, or whether credentials are unknown or wrong:
//! they are equal to the byte, except for the time and the request id. `make bench` compares how long they take.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use domain::api::CreateAccessToken;
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::json;
use stacker::context::Clock as _;
use uuid::Uuid;

use crate::{
    access::Program,
    helpers::{TestApp, caller, form, spawn_without_rate_limits},
};

/// Everything in the response that a client can see, except the time and the request id.
async fn seen(request: RequestBuilder) -> (StatusCode, Vec<(String, String)>, String) {
    let answer = request.send().await.unwrap();
    let mut headers: Vec<_> = answer
        .headers()
        .iter()
        .filter(|(name, _)| !["date", "x-request-id"].contains(&name.as_str()))
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
        .collect();
    headers.sort();
    (answer.status(), headers, answer.text().await.unwrap())
}

async fn all_alike(what: &str, status: u16, requests: Vec<RequestBuilder>) {
    let mut first = None;
    for request in requests {
        let seen = seen(request).await;
        assert_eq!(seen.0, status, "{what}: {}", seen.2);
        let first = first.get_or_insert_with(|| seen.clone());
        assert_eq!(&seen, first, "{what}");
    }
}

#[tokio::test]
async fn an_agent_that_is_not_there_and_a_wrong_token() {
    let app = spawn_without_rate_limits().await;
    let agent = app.agent_of("alice").await;
    let unknown = Uuid::from_u128(7).to_string();
    let as_agent = |request: RequestBuilder, id: &str| request.header("x-agent-id", id).bearer_auth("wrong");
    let wait = format!("/api/v1/agent/commands/wait/{}?timeout=5", agent.hash);
    for path in [wait.as_str(), "/api/v1/agent/notifications", "/project"] {
        let get = |id: &str| as_agent(app.anonymous().get(app.url(path)), id);
        // At first the agent is looked up in the database; after its first valid request it is found in memory.
        all_alike(path, 401, vec![get(&unknown), get(&agent.id), get(&agent.id), get("no id at all")]).await;
        assert!(agent.get("/api/v1/agent/notifications").send().await.unwrap().status().is_success());
        all_alike(path, 401, vec![get(&unknown), get(&agent.id)]).await;
    }
    let report = |id: &str| {
        let request = app.anonymous().post(app.url("/api/v1/agent/commands/report"));
        as_agent(request, id).json(&agent.report_body("cmd_1", "success"))
    };
    all_alike("report", 401, vec![report(&unknown), report(&agent.id)]).await;
}

#[tokio::test]
async fn a_client_that_is_not_there_and_one_that_signs_wrong_or_is_off() {
    let app = spawn_without_rate_limits().await;
    let known = Program::of(&app, "alice", json!({})).await;
    let disabled = Program::of(&app, "alice", json!({})).await;
    let path = format!("/client/{}/disable", disabled.id);
    assert_eq!(app.client("alice").await.put(&path).send().await.unwrap().status(), 200);
    let ends = app.clock.now() + TimeDelta::seconds(5);
    let expired = Program::of(&app, "alice", json!({"expires_at": ends})).await;
    app.clock.advance(TimeDelta::seconds(6));
    let wrong = |id: i64| {
        let request = app.anonymous().get(app.url("/project"));
        request.header("stacker-id", id).header("stacker-hash", "ab".repeat(32))
    };
    let right = |program: &Program| program.signed(&app, Method::GET, "/project", "");
    let requests = vec![
        wrong(i64::from(i32::MAX)),
        wrong(known.id),
        wrong(disabled.id),
        right(&disabled),
        right(&expired),
    ];
    all_alike("clients", 401, requests).await;
}

#[tokio::test]
async fn a_token_that_never_was_one_that_is_over_and_one_that_was_revoked() {
    let app = spawn_without_rate_limits().await;
    let tokens = app.services.tokens();
    let expires_at = Some(app.clock.now() + TimeDelta::seconds(5));
    let ends = CreateAccessToken { expires_at, ..CreateAccessToken::named("ends") };
    let ended = tokens.create(&caller("alice"), ends).await.unwrap().token.unwrap();
    let revoked = tokens.create(&caller("alice"), CreateAccessToken::named("revoked")).await.unwrap();
    let get = |bearer: &str| app.anonymous().get(app.url("/project")).bearer_auth(bearer);
    let revoked_bearer = revoked.token.clone().unwrap();
    for known in [&ended, &revoked_bearer] {
        assert_eq!(get(known).send().await.unwrap().status(), 200);
    }
    tokens.revoke(&caller("alice"), revoked.id).await.unwrap();
    app.clock.advance(TimeDelta::seconds(6));
    let never = "stk_0000000000000000000000000000000000000000000";
    let requests = vec![get(never), get(&ended), get(&revoked_bearer), get("stk_"), get("of a provider")];
    all_alike("tokens", 401, requests).await;
}

#[tokio::test]
async fn refusals_of_every_router_leave_in_step() {
    let app = spawn_without_rate_limits().await;
    let bob = app.client("bob").await;
    let refused = [
        (404, bob.get("/project/2147483647")),
        (404, bob.get("/nowhere")),
        (401, app.anonymous().get(app.url("/project"))),
        (401, app.anonymous().get(app.url("/api/v1/agent/notifications"))),
    ];
    for (status, request) in refused {
        let asked = Instant::now();
        assert_eq!(request.send().await.unwrap().status(), status);
        assert!(asked.elapsed() >= Duration::from_millis(10), "{status}: {:?}", asked.elapsed());
    }
}

async fn of_alice_and_of_nobody(app: &TestApp) -> Vec<(&'static str, String, String)> {
    let alice = app.client("alice").await;
    let project = alice.create(&form("hers")).await.to_string();
    let program = Program::of(app, "alice", json!({})).await.id.to_string();
    let host = alice.post("/api/v1/hosts").json(&json!({"name": "attic"})).send().await.unwrap();
    let host: serde_json::Value = host.json().await.unwrap();
    let host = host["item"]["host_id"].as_str().unwrap().to_owned();
    let hash = app.deployment_of("alice").await;
    let nobody = Uuid::from_u128(9).to_string();
    vec![
        ("/project/{}", project, "2147483647".to_owned()),
        ("/client/{}", program, "2147483647".to_owned()),
        ("/api/v1/hosts/{}", host, nobody.clone()),
        ("/api/v1/deployments/{}", hash.clone(), nobody.clone()),
        ("/api/v1/commands/{}", hash, nobody),
    ]
}

#[tokio::test]
async fn what_is_somebody_elses_and_what_is_not_there() {
    let app = spawn_without_rate_limits().await;
    let bob = app.client("bob").await;
    for (path, foreign, missing) in of_alice_and_of_nobody(&app).await {
        let methods: &[Method] = match path {
            "/api/v1/commands/{}" => &[Method::GET],
            "/project/{}" => &[Method::GET, Method::PUT, Method::DELETE],
            _ => &[Method::GET, Method::DELETE],
        };
        for method in methods {
            let request = |id: &str| {
                let request = bob.request(method.clone(), &path.replace("{}", id));
                if *method == Method::PUT { request.json(&form("x")) } else { request }
            };
            all_alike(&format!("{method} {path}"), 404, vec![request(&missing), request(&foreign)]).await;
        }
    }
}
