//! The real requests and answers, against a server that speaks HTTP. The name of this file is what `cargo test` is told to filter
//! by (scripts/test-stages.sh).

use std::time::Duration;

use domain::marketplace::{Plan, PlanHeld};
use rstest::rstest;
use serde_json::{Value, json};
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{body_json, header, header_exists, method, path, query_param},
};

use super::*;

const TEMPLATE: Uuid = Uuid::from_u128(0x1234);

fn settings(server: &MockServer) -> UserServiceSettings {
    drop(rustls::crypto::aws_lc_rs::default_provider().install_default());
    UserServiceSettings {
        base_url: format!("{}/server/user", server.uri()).parse().unwrap(),
        timeout: Duration::from_millis(500),
        attempts: 3,
        service_token: Some("service-token".into()),
        user_plan_url: UserPlanUrl::parse(&format!("{}/plans/{{user_id}}", server.uri())),
    }
}

fn client(server: &MockServer) -> UserServiceClient {
    UserServiceClient::new(settings(server)).unwrap()
}

fn ok(body: &Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(body)
}

/// Answers `GET <base>/<route>`, which must come with this token.
async fn answering(server: &MockServer, route: &str, token: &str, answer: ResponseTemplate, times: u64) {
    Mock::given(method("GET"))
        .and(path(format!("/server/user/{route}")))
        .and(header("authorization", format!("Bearer {token}").as_str()))
        .and(header("accept", "application/json"))
        .respond_with(answer)
        .expect(times)
        .mount(server)
        .await;
}

#[rstest]
#[case::of_sign_in(json!({"user": {"_id": "u1", "plan": {"name": "professional", "code": "pro"}}}))]
#[case::an_object(json!({"user_id": "u1", "plan": {"name": "professional"}}))]
#[case::text(json!({"_id": "u1", "plan": "professional"}))]
#[tokio::test]
async fn a_person_is_asked_about_with_their_own_token(#[case] body: Value) {
    let server = MockServer::start().await;
    answering(&server, "oauth_server/api/me", "of-ada", ok(&body), 1).await;
    let profile = client(&server).profile(&"of-ada".into()).await.unwrap();
    assert!(matches!(&profile.plan, PlanHeld::Plan(plan) if plan.is("professional")), "{profile:?}");
    assert!(profile.may_be_of("u1") && !profile.may_be_of("u2"));
}

#[tokio::test]
async fn purchases_come_with_the_profile() {
    let server = MockServer::start().await;
    let products = json!([{"id": 1, "product_type": "template", "external_id": TEMPLATE, "price": 5}]);
    let body = json!({"user": {"_id": "u1", "plan": null, "products": products}});
    answering(&server, "oauth_server/api/me", "of-ada", ok(&body), 1).await;
    let profile = client(&server).profile(&"of-ada".into()).await.unwrap();
    assert_eq!(profile.plan, PlanHeld::None);
    assert!(profile.products.unwrap()[0].is_template(&TEMPLATE.to_string(), "shop"));
}

#[tokio::test]
async fn a_person_without_a_token_is_named_and_asked_about_with_ours() {
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .and(path("/plans/u%2F1"))
        .and(header("authorization", "Bearer service-token"))
        .respond_with(ok(&json!({"user_id": "u/1", "plan": "basic"})))
        .expect(1)
        .mount(&server)
        .await;
    let profile = client(&server).profile_of("u/1").await.unwrap();
    assert!(matches!(&profile.plan, PlanHeld::Plan(plan) if plan.is("basic")));
}

#[tokio::test]
async fn without_an_address_for_it_nobody_is_asked_about_by_name() {
    let server = MockServer::start().await;
    Mock::given(method("GET")).respond_with(ok(&json!({}))).expect(0).mount(&server).await;
    let client =
        UserServiceClient::new(UserServiceSettings { user_plan_url: None, ..settings(&server) }).unwrap();
    assert_eq!(client.profile_of("u1").await, Err(UserServiceError::NotAskable));
}

#[rstest]
#[case(400, UserServiceError::UnexpectedStatus { status: 400 })]
#[case(401, UserServiceError::Refused)]
#[case(403, UserServiceError::Refused)]
#[case(404, UserServiceError::NotFound)]
#[case(302, UserServiceError::UnexpectedStatus { status: 302 })]
#[case(429, UserServiceError::Unavailable)]
#[case(500, UserServiceError::Unavailable)]
#[case(503, UserServiceError::Unavailable)]
#[tokio::test]
async fn every_status_but_success_is_an_error_and_is_not_asked_again(
    #[case] status: u16,
    #[case] expected: UserServiceError,
) {
    let server = MockServer::start().await;
    let elsewhere = ResponseTemplate::new(status)
        .insert_header("location", format!("{}/elsewhere", server.uri()).as_str())
        .set_body_json(json!({"user": {"plan": "enterprise"}}));
    answering(&server, "oauth_server/api/me", "of-ada", elsewhere, 1).await;
    assert_eq!(client(&server).profile(&"of-ada".into()).await, Err(expected));
}

#[rstest]
#[case("<html>welcome</html>")]
#[case("[]")]
#[case("\"professional\"")]
#[case("")]
#[tokio::test]
async fn an_answer_that_is_no_profile_is_no_answer(#[case] body: &str) {
    let server = MockServer::start().await;
    answering(&server, "oauth_server/api/me", "of-ada", ResponseTemplate::new(200).set_body_string(body), 1)
        .await;
    let answer = client(&server).profile(&"of-ada".into()).await;
    assert_eq!(answer, Err(UserServiceError::InvalidAnswer));
}

#[tokio::test]
async fn an_answer_that_is_too_long_is_not_read() {
    let server = MockServer::start().await;
    let long = ResponseTemplate::new(200).set_body_string("x".repeat(4 * 1024 * 1024 + 1));
    answering(&server, "oauth_server/api/me", "of-ada", long, 1).await;
    let answer = client(&server).profile(&"of-ada".into()).await;
    assert_eq!(answer, Err(UserServiceError::InvalidAnswer));
}

#[tokio::test]
async fn a_service_that_is_silent_or_away_gives_no_answer() {
    let server = MockServer::start().await;
    let silent = ok(&json!({"plan": "enterprise"})).set_delay(Duration::from_secs(60));
    answering(&server, "oauth_server/api/me", "of-ada", silent, 1).await;
    let client = client(&server);
    assert_eq!(client.profile(&"of-ada".into()).await, Err(UserServiceError::Unavailable));
    drop(server);
    let away = UserServiceSettings {
        // Nothing listens at port 1.
        base_url: "http://127.0.0.1:1/server/user/".parse().unwrap(),
        timeout: Duration::from_millis(500),
        attempts: 1,
        service_token: None,
        user_plan_url: None,
    };
    let client = UserServiceClient::new(away).unwrap();
    assert_eq!(client.profile(&"of-ada".into()).await, Err(UserServiceError::Unavailable));
}

#[rstest]
#[case("")]
#[case("two words")]
#[case("line\nbreak")]
#[tokio::test]
async fn what_no_header_can_carry_is_not_sent(#[case] token: &str) {
    let server = MockServer::start().await;
    Mock::given(method("GET")).respond_with(ok(&json!({}))).expect(0).mount(&server).await;
    assert_eq!(client(&server).profile(&token.into()).await, Err(UserServiceError::Refused));
}

#[rstest]
#[case::bare(json!([{"name": "starter"}, {"name": "growth"}]))]
#[case::in_items(json!({"_items": [{"name": "starter"}, {"name": "growth"}]}))]
#[tokio::test]
async fn plans_are_asked_for_once_and_have_an_order(#[case] body: Value) {
    let server = MockServer::start().await;
    answering(&server, "api/1.0/plan_description", "service-token", ok(&body), 1).await;
    let client = client(&server);
    let (one, other) = tokio::join!(client.plans(), client.plans());
    assert_eq!(one, other);
    let growth = Plan::read(&json!("growth")).unwrap();
    assert_eq!(client.plans().await.unwrap().include(&growth, "starter"), Some(true));
}

#[tokio::test]
async fn that_there_was_no_answer_about_plans_is_not_remembered() {
    let server = MockServer::start().await;
    let route = "/server/user/api/1.0/plan_description";
    let failing = Mock::given(path(route)).respond_with(ResponseTemplate::new(500));
    failing.up_to_n_times(1).mount(&server).await;
    Mock::given(path(route)).respond_with(ok(&json!([]))).mount(&server).await;
    let client = client(&server);
    assert_eq!(client.plans().await, Err(UserServiceError::Unavailable));
    assert!(client.plans().await.is_ok());
}

#[tokio::test]
async fn without_a_token_of_ours_none_is_sent() {
    let server = MockServer::start().await;
    Mock::given(header_exists("authorization")).respond_with(ok(&json!([]))).expect(0).mount(&server).await;
    Mock::given(method("GET")).respond_with(ok(&json!([]))).expect(1).mount(&server).await;
    let client =
        UserServiceClient::new(UserServiceSettings { service_token: None, ..settings(&server) }).unwrap();
    assert!(client.plans().await.is_ok());
}

#[tokio::test]
async fn the_product_of_a_template_is_found_by_its_id() {
    let server = MockServer::start().await;
    let condition = format!(r#"{{"external_id":"{TEMPLATE}","product_type":"template"}}"#);
    let products = json!({"_items": [
        {"id": 1, "product_type": "template", "external_id": Uuid::from_u128(1), "price": 1},
        {"id": 2, "product_type": "template", "external_id": TEMPLATE, "price": "19.9"},
    ]});
    Mock::given(method("GET"))
        .and(path("/server/user/api/1.0/products"))
        .and(query_param("where", condition.as_str()))
        .and(header("authorization", "Bearer service-token"))
        .respond_with(ok(&products))
        .expect(1)
        .mount(&server)
        .await;
    let product = client(&server).template_product(TEMPLATE).await.unwrap().unwrap();
    assert_eq!((product.id.as_deref(), product.price.as_deref()), (Some("2"), Some("19.90")));
}

#[tokio::test]
async fn categories_are_tried_three_times() {
    let server = MockServer::start().await;
    let route = "/server/user/api/1.0/category";
    let failing = Mock::given(path(route)).respond_with(ResponseTemplate::new(503));
    failing.up_to_n_times(2).expect(2).mount(&server).await;
    let body = json!({"_items": [{"_id": 5, "name": "ai", "title": "AI", "priority": 1}, {"_id": 6, "name": "cms"}]});
    Mock::given(path(route)).respond_with(ok(&body)).expect(1).mount(&server).await;
    let categories = client(&server).categories().await.unwrap();
    let ai = Category { id: 5, name: "ai".to_owned(), title: Some("AI".to_owned()), priority: Some(1) };
    assert_eq!((categories.len(), &categories[0]), (2, &ai));
}

#[rstest]
#[case(503, 3, UserServiceError::Unavailable)]
#[case(401, 1, UserServiceError::Refused)]
#[case(404, 1, UserServiceError::NotFound)]
#[tokio::test]
async fn only_a_service_in_trouble_is_asked_for_categories_again(
    #[case] status: u16,
    #[case] times: u64,
    #[case] expected: UserServiceError,
) {
    let server = MockServer::start().await;
    answering(&server, "api/1.0/category", "service-token", ResponseTemplate::new(status), times).await;
    assert_eq!(client(&server).categories().await, Err(expected));
}

#[tokio::test]
async fn stacks_are_created_read_and_listed() {
    let server = MockServer::start().await;
    let stored = json!({"_id": 9, "name": "shop", "user_id": "u1", "marketplace_template_id": TEMPLATE});
    let sent = json!({"name": "shop", "marketplace_template_id": TEMPLATE, "is_from_marketplace": true,
        "template_version": "1.0.0", "stack_definition": {"services": {}}, "user_id": "u1"});
    let post = |body: Value, answer: Value| {
        Mock::given(method("POST"))
            .and(path("/server/user/api/1.0/stacks"))
            .and(header("authorization", "Bearer service-token"))
            .and(body_json(body))
            .respond_with(ResponseTemplate::new(201).set_body_json(answer))
            .expect(1)
    };
    post(sent, stored.clone()).mount(&server).await;
    post(json!({"where": {"user_id": "u1"}}), json!({"_items": [stored]})).mount(&server).await;
    answering(&server, "api/1.0/stacks/9", "service-token", ok(&stored), 1).await;
    let client = client(&server);
    let new = NewStack {
        name: "shop".to_owned(),
        template_id: TEMPLATE,
        template_version: "1.0.0".to_owned(),
        stack_definition: json!({"services": {}}),
        user_id: "u1".to_owned(),
    };
    let created = client.create_stack(&new).await.unwrap();
    assert_eq!((created.id, created.marketplace_template_id), (9, Some(TEMPLATE)));
    assert_eq!(client.stack(9).await.unwrap(), created);
    assert_eq!(client.stacks_of("u1").await.unwrap(), [created]);
}

#[tokio::test]
async fn neither_errors_nor_the_client_show_a_token() {
    let server = MockServer::start().await;
    let client = client(&server);
    let error = client.profile(&"hunter2".into()).await.unwrap_err();
    let told = format!("{client:?} {:?} {error} {error:?}", settings(&server));
    assert!(!told.contains("hunter2") && !told.contains("service-token"), "{told}");
}

#[tokio::test]
async fn a_service_that_is_switched_off_grants_nothing() {
    assert!(!NoUserService.is_on());
    assert_eq!(NoUserService.profile(&"t".into()).await, Err(UserServiceError::Off));
    assert_eq!(NoUserService.profile_of("u1").await, Err(UserServiceError::Off));
    assert_eq!(NoUserService.plans().await, Err(UserServiceError::Off));
    assert_eq!(NoUserService.categories().await, Err(UserServiceError::Off));
}
