use std::time::Duration;

use domain::marketplace::{Listing, Webhook};
use rstest::rstest;
use serde_json::json;
use uuid::Uuid;
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{body_string, header, method, path},
};

use super::*;

const ID: Uuid = Uuid::from_u128(0x1234);

fn sender(base_url: &str) -> MarketplaceWebhookClient {
    drop(rustls::crypto::aws_lc_rs::default_provider().install_default());
    MarketplaceWebhookClient::new(MarketplaceWebhookSettings {
        base_url: base_url.parse().unwrap(),
        token: "service-token".into(),
        timeout: Duration::from_millis(500),
    })
    .unwrap()
}

fn listing() -> Listing {
    Listing {
        id: ID,
        slug: "shop".to_owned(),
        name: "Shop".to_owned(),
        short_description: None,
        long_description: Some("At length".to_owned()),
        creator_user_id: "u1".to_owned(),
        category: Some("CMS".to_owned()),
        tags: json!(["web"]),
    }
}

const APPROVED: &str = r#"{"action":"template_approved","stack_template_id":"00000000-0000-0000-0000-000000001234","external_id":"00000000-0000-0000-0000-000000001234","code":"shop","name":"Shop","description":"At length","price":null,"vendor_user_id":"u1","vendor_name":"u1","category":"CMS","tags":["web"]}"#;
const UPDATED: &str = r#"{"action":"template_updated","stack_template_id":"00000000-0000-0000-0000-000000001234","external_id":"00000000-0000-0000-0000-000000001234","code":"shop","name":"Shop","description":"At length","price":null,"vendor_user_id":"u1","vendor_name":"u1","category":"CMS","tags":["web"]}"#;
const REJECTED: &str = r#"{"action":"template_rejected","stack_template_id":"00000000-0000-0000-0000-000000001234","external_id":"00000000-0000-0000-0000-000000001234","code":null,"name":null,"description":null,"price":null,"vendor_user_id":null,"vendor_name":null}"#;

#[rstest]
#[case::approved(Webhook::approved(listing()), APPROVED, 200)]
#[case::updated(Webhook::updated(listing()), UPDATED, 200)]
#[case::rejected(Webhook::rejected(ID), REJECTED, 201)]
#[tokio::test]
async fn a_decision_arrives_to_the_byte(#[case] webhook: Webhook, #[case] body: &str, #[case] status: u16) {
    let server = MockServer::start().await;
    let answer = json!({"success": true, "message": "synced", "product_id": "7"});
    Mock::given(method("POST"))
        .and(path("/server/user/marketplace/sync"))
        .and(header("authorization", "Bearer service-token"))
        .and(header("content-type", "application/json"))
        .and(body_string(body))
        .respond_with(ResponseTemplate::new(status).set_body_json(answer))
        .expect(2)
        .mount(&server)
        .await;
    for base in ["/server/user", "/server/user/"] {
        let sent = sender(&format!("{}{base}", server.uri())).send(&webhook.to_json().unwrap()).await;
        assert_eq!(sent, Ok(()));
    }
}

#[rstest]
#[case(401, WebhookError::Unauthorized)]
#[case(404, WebhookError::NotFound)]
#[case(400, WebhookError::UnexpectedStatus { status: 400 })]
#[case(403, WebhookError::UnexpectedStatus { status: 403 })]
#[case(202, WebhookError::UnexpectedStatus { status: 202 })]
#[case(301, WebhookError::UnexpectedStatus { status: 301 })]
#[tokio::test]
async fn these_answers_are_final(#[case] status: u16, #[case] expected: WebhookError) {
    let server = MockServer::start().await;
    let answer = ResponseTemplate::new(status).insert_header("location", server.uri().as_str());
    Mock::given(method("POST")).respond_with(answer).expect(1).mount(&server).await;
    let error = sender(&server.uri()).send("{}").await.unwrap_err();
    assert_eq!(error, expected);
    assert!(!error.may_pass());
}

#[rstest]
#[case(408)]
#[case(429)]
#[case(500)]
#[case(502)]
#[case(503)]
#[tokio::test]
async fn a_service_in_trouble_is_told_later(#[case] status: u16) {
    let server = MockServer::start().await;
    Mock::given(method("POST")).respond_with(ResponseTemplate::new(status)).expect(1).mount(&server).await;
    let error = sender(&server.uri()).send("{}").await.unwrap_err();
    assert!(error == WebhookError::Unavailable && error.may_pass());
}

#[tokio::test]
async fn a_service_that_is_silent_or_away_is_told_later() {
    let server = MockServer::start().await;
    let silent = ResponseTemplate::new(200).set_delay(Duration::from_secs(60));
    Mock::given(method("POST")).respond_with(silent).mount(&server).await;
    assert_eq!(sender(&server.uri()).send("{}").await, Err(WebhookError::Unavailable));
    // Nothing listens at port 1.
    assert_eq!(sender("http://127.0.0.1:1").send("{}").await, Err(WebhookError::Unavailable));
}

#[rstest]
#[case(r#"{"success": false, "message": "no such vendor"}"#, Err(WebhookError::Declined))]
#[case(r#"{"success": true}"#, Ok(()))]
#[case("", Ok(()))]
#[case("thanks", Ok(()))]
#[tokio::test]
async fn only_a_plain_no_makes_success_a_failure(
    #[case] body: &str,
    #[case] expected: Result<(), WebhookError>,
) {
    let server = MockServer::start().await;
    let answer = ResponseTemplate::new(200).set_body_string(body);
    Mock::given(method("POST")).respond_with(answer).mount(&server).await;
    assert_eq!(sender(&server.uri()).send("{}").await, expected);
}

#[tokio::test]
async fn nothing_shows_the_token() {
    let server = MockServer::start().await;
    Mock::given(method("POST")).respond_with(ResponseTemplate::new(401)).mount(&server).await;
    let sender = sender(&server.uri());
    let error = sender.send("{}").await.unwrap_err();
    let told = format!("{sender:?} {:?} {error} {error:?}", sender_settings());
    assert!(!told.contains("service-token"), "{told}");
}

fn sender_settings() -> MarketplaceWebhookSettings {
    MarketplaceWebhookSettings {
        base_url: "http://127.0.0.1:1".parse().unwrap(),
        token: "service-token".into(),
        timeout: Duration::from_secs(1),
    }
}
