//! Callbacks over REST, to a real receiver.

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;
use wiremock::{Mock, MockServer, Request, ResponseTemplate, matchers::method};

use crate::helpers::{ApiClient, TestApp, spawn_app, spawn_with, until};

const CALLBACKS: &str = "/api/v1/callbacks";

async fn spawn_allowing_loopback() -> TestApp {
    spawn_with(&[("STACKER__CALLBACKS__ALLOWED_NETWORKS", "127.0.0.1")]).await
}

async fn receiver(status: u16) -> MockServer {
    let server = MockServer::start().await;
    let answer = ResponseTemplate::new(status).set_body_string("noted");
    Mock::given(method("POST")).respond_with(answer).mount(&server).await;
    server
}

async fn subscribe(client: &ApiClient, url: &str) -> Value {
    let body = json!({"url": url, "events": ["deployment.removed"]});
    let response = client.post(CALLBACKS).json(&body).send().await.unwrap();
    assert_eq!(response.status(), 201);
    response.json::<Value>().await.unwrap()["item"].clone()
}

/// Sends a test event and returns its line in the log once it was tried.
async fn tried(client: &ApiClient, id: &str) -> Value {
    let sent = client.post(&format!("{CALLBACKS}/{id}/test")).send().await.unwrap();
    assert_eq!(sent.status(), 200);
    let log = format!("{CALLBACKS}/{id}/deliveries");
    let line = || async { client.get_json(&log).await["list"][0].clone() };
    until("the callback is tried", || async {
        let line = line().await;
        line["state"] == "delivered" || line["attempts"] != 0
    })
    .await;
    line().await
}

fn is_genuine(request: &Request, secret: &str) -> bool {
    let value = |name: &str| request.headers.get(name).unwrap().to_str().unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(format!("{}.{}.", value("stacker-timestamp"), value("stacker-delivery")).as_bytes());
    mac.update(&request.body);
    value("stacker-signature") == format!("v1={}", hex::encode(mac.finalize().into_bytes()))
}

#[tokio::test]
async fn a_receiver_gets_a_signed_call_and_the_log_shows_its_answer() {
    let (app, receiver) = (spawn_allowing_loopback().await, receiver(200).await);
    let ada = app.client("ada").await;
    let made = subscribe(&ada, &receiver.uri()).await;
    let line = tried(&ada, made["id"].as_str().unwrap()).await;
    assert_eq!((&line["last_status"], &line["last_answer"]), (&json!(200), &json!("noted")));
    let request = receiver.received_requests().await.unwrap().remove(0);
    assert!(is_genuine(&request, made["secret"].as_str().unwrap()));
    let body: Value = request.body_json().unwrap();
    assert_eq!((&body["event"], &body["id"]), (&json!("callback.test"), &line["id"]));
}

#[tokio::test]
async fn a_call_that_was_sent_is_sent_again_with_the_same_id() {
    let (app, receiver) = (spawn_allowing_loopback().await, receiver(200).await);
    let ada = app.client("ada").await;
    let id = subscribe(&ada, &receiver.uri()).await["id"].as_str().unwrap().to_owned();
    let delivery = tried(&ada, &id).await["id"].as_str().unwrap().to_owned();
    let again = format!("{CALLBACKS}/{id}/deliveries/{delivery}/redeliver");
    assert_eq!(ada.post(&again).send().await.unwrap().status(), 200);
    until("it is sent again", || async { receiver.received_requests().await.unwrap().len() == 2 }).await;
    let requests = receiver.received_requests().await.unwrap();
    assert!(
        requests.iter().all(|request| request.headers.get("stacker-delivery").unwrap() == delivery.as_str())
    );
}

#[tokio::test]
async fn loopback_is_not_called_unless_the_operator_allows_it() {
    let (app, receiver) = (spawn_app().await, receiver(200).await);
    let ada = app.client("ada").await;
    let id = subscribe(&ada, &receiver.uri()).await["id"].as_str().unwrap().to_owned();
    let line = tried(&ada, &id).await;
    assert!(line["last_error"].as_str().unwrap().contains("loopback"));
    assert!(receiver.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn the_secret_is_in_no_later_answer() {
    let app = spawn_app().await;
    let ada = app.client("ada").await;
    let made = subscribe(&ada, "https://example.com/hook").await;
    let (id, secret) = (made["id"].as_str().unwrap(), made["secret"].as_str().unwrap());
    for path in [CALLBACKS.to_owned(), format!("{CALLBACKS}/{id}")] {
        assert!(!ada.get_json(&path).await.to_string().contains(secret));
    }
    assert!(!app.database_text().await.contains(secret));
}

#[tokio::test]
async fn a_disabled_callback_says_so_and_a_wrong_one_names_its_fields() {
    let app = spawn_app().await;
    let ada = app.client("ada").await;
    let id = subscribe(&ada, "https://example.com/hook").await["id"].as_str().unwrap().to_owned();
    let path = format!("{CALLBACKS}/{id}");
    let disabled = ada.put(&path).json(&json!({"enabled": false})).send().await.unwrap();
    assert_eq!(disabled.status(), 200);
    let refused = ada.post(&format!("{path}/test")).send().await.unwrap();
    assert_eq!(refused.status(), 409);
    assert!(refused.text().await.unwrap().contains("callback-disabled"));
    let wrong = ada.post(CALLBACKS).json(&json!({"url": "x", "events": []})).send().await.unwrap();
    assert_eq!(wrong.status(), 400);
    let text = wrong.text().await.unwrap();
    assert!(text.contains("\"url\"") && text.contains("\"events\""));
}
