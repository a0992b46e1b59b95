//! Deployments and hosts over the real port.

use futures::StreamExt as _;
use reqwest::Response;
use serde_json::{Value, json};
use stacker::local_operator::local_operator;

use crate::helpers::{ApiClient, spawn_app};

const COMPOSE: &str = "services:\n  web:\n    image: nginx:1.27\n";

async fn project(client: &ApiClient) -> i64 {
    project_of(client, COMPOSE).await
}

async fn project_of(client: &ApiClient, compose: &str) -> i64 {
    client.import("shop", compose).await
}

async fn host(client: &ApiClient) -> String {
    let answer = client.post("/api/v1/hosts").json(&json!({"name": "attic"})).send().await.unwrap();
    assert_eq!(answer.status(), 201);
    let body: Value = answer.json().await.unwrap();
    body["item"]["host_id"].as_str().unwrap().to_owned()
}

async fn deploy(client: &ApiClient) -> (i64, String) {
    let (project, host) = (project(client).await, host(client).await);
    let answer = client.post(&format!("/project/{project}/deploy")).json(&json!({"host": host})).send().await;
    let answer = answer.unwrap();
    assert_eq!(answer.status(), 200);
    let body: Value = answer.json().await.unwrap();
    assert_eq!((&body["message"], &body["id"]), (&json!("Success"), &json!(project)));
    assert!(body["meta"]["command_id"].as_str().unwrap().starts_with("cmd_"));
    (project, body["meta"]["deployment_hash"].as_str().unwrap().to_owned())
}

async fn code(answer: Response, status: u16) -> String {
    assert_eq!(answer.status(), status, "{}", answer.url());
    answer.json::<Value>().await.unwrap()["code"].as_str().unwrap().to_owned()
}

/// Reads the stream until it contains the text or ends.
/// What a stream has sent when this text comes.
pub async fn read_until(answer: Response, text: &str) -> String {
    let mut read = String::new();
    let mut chunks = answer.bytes_stream();
    while let Some(chunk) = chunks.next().await {
        read.push_str(std::str::from_utf8(&chunk.unwrap()).unwrap());
        if read.contains(text) {
            break;
        }
    }
    assert!(read.contains(text), "{read}");
    read
}

#[tokio::test]
async fn existing_clients_get_the_answer_they_know_and_the_deployment_beside_it() {
    let app = spawn_app().await;
    let ada = app.client("ada").await;
    let project = project(&ada).await;
    let path = format!("/project/{project}/deploy");
    let form = |provider: &str| {
        json!({"stack": {"stack_code": "shop", "vars": []}, "server": {"region": "eu"},
            "cloud": {"provider": provider, "cloud_token": "s3cret"}, "commonDomain": "x"})
    };
    let answer: Value = ada.post(&path).json(&form("own")).send().await.unwrap().json().await.unwrap();
    assert_eq!((&answer["message"], &answer["id"]), (&json!("Success"), &json!(project)));
    let hash = answer["meta"]["deployment_hash"].as_str().unwrap();
    let detail = ada.get_json(&format!("/api/v1/deployments/{hash}")).await;
    assert_eq!(detail["item"]["status"], "pending");
    assert_eq!(detail["item"]["project_id"], project);

    let cloud = ada.post(&path).json(&form("htz")).send().await.unwrap();
    assert_eq!(code(cloud, 422).await, "cloud-not-configured");
    let saved = ada.post(&format!("{path}/7")).json(&form("htz")).send().await.unwrap();
    assert_eq!(code(saved, 422).await, "cloud-not-configured");
    let wrong = ada.post(&path).json(&json!({"stack": {}})).send().await.unwrap();
    let body: Value = wrong.json().await.unwrap();
    assert_eq!((&body["code"], &body["errors"][0]["field"]), (&json!("invalid"), &json!("server")));
}

#[tokio::test]
async fn the_form_of_a_large_project_can_be_deployed() {
    let app = spawn_app().await;
    let ada = app.client("ada").await;
    let project = ada.import("shop", "services:\n  web:\n    image: nginx:1.27\n").await;
    let body = json!({"stack": {"stack_code": "shop", "form_app": ["x".repeat(100_000)]}, "server": {}, "cloud": {"provider": "own"}});
    let answer = ada.post(&format!("/project/{project}/deploy")).json(&body).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let answer = ada.post(&format!("/project/{project}/deploy/7")).json(&body).send().await.unwrap();
    assert_eq!(answer.status(), 422);
}

#[tokio::test]
async fn a_deployment_is_planned_applied_once_and_removed() {
    let app = spawn_app().await;
    let ada = app.client("ada").await;
    let (_, hash) = deploy(&ada).await;
    let path = |rest: &str| format!("/api/v1/deployments/{hash}{rest}");
    let listed = ada.get_json("/api/v1/deployments?limit=10").await;
    assert_eq!(listed["list"][0]["deployment_hash"], hash);
    let revision = ada.get_json(&path("/revisions/1")).await;
    assert_eq!(revision["item"]["compose"], COMPOSE);
    assert_eq!(ada.get_json(&path("/revisions")).await["list"][0]["outcome"], "in-progress");
    assert_eq!(ada.get_json(&path("/capabilities")).await["item"]["status"], "offline");

    let busy = ada.post(&path("/apply")).json(&json!({"revision": 1})).send().await.unwrap();
    assert_eq!(code(busy, 409).await, "deployment-busy");
    let drift = ada.post(&path("/drift/restore")).send().await.unwrap();
    assert_eq!(code(drift, 409).await, "deployment-busy");
    let removed = ada.delete(&path("")).send().await.unwrap();
    assert_eq!(removed.json::<Value>().await.unwrap()["message"], "Removed");
    let again = ada.delete(&path("")).json(&json!({"volumes": []})).send().await.unwrap();
    // It never ran, so nothing of it is kept.
    assert_eq!(code(again, 404).await, "not-found");
}

#[tokio::test]
async fn a_stack_with_errors_is_refused_with_their_places() {
    let app = spawn_app().await;
    let ada = app.client("ada").await;
    let host = host(&ada).await;
    let wrong = project_of(&ada, "services:\n  web: {depends_on: [db]}\n").await;
    let answer =
        ada.post(&format!("/project/{wrong}/deploy")).json(&json!({"host": host})).send().await.unwrap();
    assert_eq!(answer.status(), 422);
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body["code"], "stack-has-errors");
    assert!(body["errors"][0]["field"].as_str().unwrap().starts_with("compose:2:"), "{body}");
}

#[tokio::test]
async fn deployments_and_hosts_of_others_are_not_found() {
    let app = spawn_app().await;
    let ada = app.client("ada").await;
    let (project, hash) = deploy(&ada).await;
    let host = host(&ada).await;
    let bob = app.client("bob").await;
    for hash in [hash.as_str(), "unknown", "nul%00"] {
        let path = |rest: &str| format!("/api/v1/deployments/{hash}{rest}");
        let requests = [
            bob.get(&path("")),
            bob.get(&path("/events")),
            bob.get(&path("/revisions")),
            bob.get(&path("/revisions/1")),
            bob.get(&path("/capabilities")),
            bob.post(&path("/plan")),
            bob.post(&path("/apply")).json(&json!({"revision": 1})),
            bob.post(&path("/drift/adopt")),
            bob.post(&path("/drift/restore")),
            bob.post(&path("/enrolment")),
            bob.delete(&path("")),
        ];
        for request in requests {
            assert_eq!(code(request.send().await.unwrap(), 404).await, "not-found");
        }
    }
    let requests = [
        bob.get(&format!("/api/v1/hosts/{host}")),
        bob.delete(&format!("/api/v1/hosts/{host}")),
        bob.post(&format!("/api/v1/hosts/{host}/enrolment")),
        bob.post(&format!("/api/v1/hosts/{host}/rotate-token")),
        bob.get("/api/v1/hosts/none"),
        bob.post(&format!("/project/{project}/deploy")).json(&json!({"host": host})),
    ];
    for request in requests {
        assert_eq!(code(request.send().await.unwrap(), 404).await, "not-found");
    }
}

#[tokio::test]
async fn a_host_is_added_named_and_let_in_no_more() {
    let app = spawn_app().await;
    let ada = app.client("ada").await;
    let (_, hash) = deploy(&ada).await;
    let hosts = ada.get_json("/api/v1/hosts").await;
    let id = hosts["list"][0]["id"].as_str().unwrap();
    let path = format!("/api/v1/hosts/{id}");
    let enrolment =
        ada.post(&format!("{path}/enrolment")).send().await.unwrap().json::<Value>().await.unwrap();
    let command = enrolment["item"]["command"].as_str().unwrap();
    assert!(command.starts_with(&format!("stacker agent join {} --code ", app.url(""))), "{command}");

    let renamed =
        ada.request("PATCH".parse().unwrap(), &path).json(&json!({"name": "cellar"})).send().await.unwrap();
    assert_eq!(renamed.json::<Value>().await.unwrap()["item"]["name"], "cellar");
    let unnamed = ada
        .request("PATCH".parse().unwrap(), &path)
        .json(&json!({"name": "two\nlines"}))
        .send()
        .await
        .unwrap();
    assert_eq!(code(unnamed, 400).await, "name-invalid");
    let no_agent = ada.post(&format!("{path}/rotate-token")).send().await.unwrap();
    assert_eq!(code(no_agent, 409).await, "host-without-agent");

    assert_eq!(code(ada.delete(&path).send().await.unwrap(), 409).await, "host-has-deployments");
    assert_eq!(ada.delete(&format!("{path}?force=true")).send().await.unwrap().status(), 200);
    assert_eq!(ada.get_json(&format!("/api/v1/deployments/{hash}")).await["item"]["status"], "cancelled");
}

#[tokio::test]
async fn pages_and_clients_follow_a_deployment_and_go_on_where_they_were() {
    let app = spawn_app().await;
    let own = app.client(&local_operator().user_id).await;
    let (_, hash) = deploy(&own).await;
    let page = app.signed_in().await;
    let url = app.url(&format!("/deployments/{hash}/events"));

    let answer = page.get(format!("{url}?after=0")).send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "text/event-stream");
    let read = read_until(answer, "\n\n").await;
    assert!(read.contains("event: command") && read.contains("\"status\":\"queued\""), "{read}");
    let id = read.lines().find_map(|line| line.strip_prefix("id: ")).unwrap().to_owned();

    // The stream continues after that event and sends new events as they happen.
    let rest = own.get(&format!("/api/v1/deployments/{hash}/events")).header("last-event-id", &id);
    let rest = rest.send().await.unwrap();
    own.delete(&format!("/api/v1/deployments/{hash}")).send().await.unwrap();
    let read = read_until(rest, "\"removed\"").await;
    assert!(!read.contains("queued"), "{read}");

    let stranger = app.anonymous().get(&url).send().await.unwrap();
    assert_eq!(stranger.status(), 401);
}

#[tokio::test]
async fn streams_end_when_the_server_stops() {
    let app = spawn_app().await;
    let ada = app.client("ada").await;
    let (_, hash) = deploy(&ada).await;
    let answer = ada.get(&format!("/api/v1/deployments/{hash}/events")).send().await.unwrap();
    app.shutdown.stop.cancel();
    let all = tokio::time::timeout(std::time::Duration::from_secs(10), answer.bytes()).await.unwrap();
    assert!(all.unwrap().is_empty());
}

#[tokio::test]
async fn an_account_has_so_many_streams_and_no_more() {
    let app = spawn_app().await;
    let ada = app.client("ada").await;
    let (_, hash) = deploy(&ada).await;
    let path = format!("/api/v1/deployments/{hash}/events");
    let mut open = Vec::new();
    for _ in 0..20 {
        open.push(ada.get(&path).send().await.unwrap());
    }
    assert!(open.iter().all(|answer| answer.status() == 200));
    assert_eq!(code(ada.get(&path).send().await.unwrap(), 429).await, "too-many-streams");
}
