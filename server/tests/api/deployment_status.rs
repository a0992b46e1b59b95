//! The state of a deployment for programs and for pages of other origins.

use std::time::Duration;

use futures::StreamExt as _;
use reqwest::Response;
use serde_json::{Value, json};

use crate::helpers::{ApiClient, TestApp, spawn_with};

const OURS: &str = "https://dashboard.example";

/// A server with a broker that nobody answers for: deployments wait, and tests report about them.
async fn spawn() -> TestApp {
    spawn_with(&[("STACKER__CORS__ALLOWED_ORIGINS", OURS), ("STACKER__AMQP__PORT", "1")]).await
}

/// Returns the project and the hash of the deployment.
async fn deploy(client: &ApiClient) -> (i64, String) {
    let project = client.import("shop", "services:\n  web:\n    image: nginx:1.27\n").await;
    let cloud = json!({"provider": "htz", "cloud_token": "only-for-this-test", "save_token": false});
    let body = json!({"stack": {"stack_code": "shop", "vars": []}, "server": {}, "cloud": cloud});
    let answer = client.post(&format!("/project/{project}/deploy")).json(&body).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let body: Value = answer.json().await.unwrap();
    (project, body["meta"]["deployment_hash"].as_str().unwrap().to_owned())
}

async fn report(app: &TestApp, hash: &str, percent: u8) {
    let body =
        json!({"deploy_id": hash, "status": "in_progress", "progress": percent, "message": "creating"});
    app.services.deployments().progressed(body.to_string().as_bytes(), false).await.unwrap();
}

async fn follow(app: &TestApp, hash: &str, token: &str) -> Response {
    let path = format!("/api/v1/deployments/{hash}/status?token={token}");
    app.anonymous().get(app.url(&path)).header("origin", OURS).send().await.unwrap()
}

fn header<'a>(answer: &'a Response, name: &str) -> Option<&'a str> {
    answer.headers().get(name).map(|value| value.to_str().unwrap())
}

#[tokio::test]
async fn a_page_of_another_origin_follows_one_deployment_with_a_token() {
    let app = spawn().await;
    let ada = app.client("ada").await;
    let ((_, hash), (_, other)) = (deploy(&ada).await, deploy(&ada).await);
    let tokens = format!("/api/v1/deployments/{hash}/status-token");
    let made = ada.post(&tokens).header("origin", OURS).send().await.unwrap();
    assert_eq!((made.status().as_u16(), header(&made, "cache-control")), (201, Some("no-store")));
    let made: Value = made.json().await.unwrap();
    let token = made["item"]["token"].as_str().unwrap();

    // What an EventSource asks for: it can send no header, and without credentials it sends no cookie.
    let stream = follow(&app, &hash, token).await;
    assert_eq!((stream.status().as_u16(), header(&stream, "content-type")), (200, Some("text/event-stream")));
    assert_eq!(header(&stream, "access-control-allow-origin"), Some(OURS));
    assert_eq!(header(&stream, "access-control-allow-credentials"), None);
    assert_eq!(header(&stream, "referrer-policy"), Some("no-referrer"));
    let mut chunks = stream.bytes_stream();
    let mut read = String::new();
    let mut hear = async |wanted: &str| {
        while !read.contains(wanted) {
            read.push_str(std::str::from_utf8(&chunks.next().await.unwrap().unwrap()).unwrap());
        }
    };
    hear("\"status\":\"pending\"").await;
    report(&app, &hash, 40).await;
    hear("\"progress\":40").await;
    assert!(read.contains("event: status") && !read.contains("only-for-this-test"), "{read}");

    assert_eq!(follow(&app, &other, token).await.status(), 401);
    for path in ["/project".to_owned(), format!("/api/v1/deployments/{hash}")] {
        let with_token = app.anonymous().get(app.url(&path)).bearer_auth(token).send().await.unwrap();
        assert_eq!(with_token.status(), 401, "{path}");
    }
    assert!(ada.delete(&tokens).send().await.unwrap().status().is_success());
    let end = async { while chunks.next().await.is_some() {} };
    assert!(tokio::time::timeout(Duration::from_secs(20), end).await.is_ok(), "the stream ends");
    assert_eq!(follow(&app, &hash, token).await.status(), 401);
}

#[tokio::test]
async fn a_status_that_is_waited_for_comes_with_the_next_change() {
    let app = spawn().await;
    let ada = app.client("ada").await;
    let (project, hash) = deploy(&ada).await;
    let status = format!("/project/{project}/deploy/status");
    assert_eq!(ada.get_json(&status).await["item"]["status"], "pending");
    assert_eq!(ada.get_json(&format!("{status}?wait_ms=1")).await["item"]["status"], "pending");

    let waiting = ada.get(&format!("{status}?wait_ms=30000")).send();
    let reports = async {
        // The first of them may come before the question.
        let mut ticks = tokio::time::interval(Duration::from_millis(50));
        for percent in 1..=100 {
            ticks.tick().await;
            report(&app, &hash, percent).await;
        }
    };
    let answer = tokio::select! {
        answer = waiting => answer.unwrap(),
        () = reports => panic!("it waits although the deployment changes"),
    };
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body["item"]["status"], "in_progress");
}
