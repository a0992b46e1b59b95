//! The validator together with the real client, against a server that speaks HTTP. The name of this file is what `cargo test` is
//! told to filter by (scripts/test-stages.sh).

use std::time::Duration;

use domain::access::Role;
use rstest::rstest;
use serde_json::{Value, json};
use uuid::Uuid;
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{header, method, path},
};

use super::*;
use crate::connectors::user_service::{NoUserService, UserPlanUrl, UserServiceClient, UserServiceSettings};

const ID: Uuid = Uuid::from_u128(7);
const TOKEN: &str = "of-ada";

/// A User Service, and how often it must be asked what.
struct World {
    server: MockServer,
}

impl World {
    async fn new() -> Self {
        drop(rustls::crypto::aws_lc_rs::default_provider().install_default());
        Self { server: MockServer::start().await }
    }

    /// One in which the owner of [`TOKEN`] is known.
    async fn knowing(profile: Value) -> Self {
        let world = Self::new().await;
        world.answers("/oauth_server/api/me", TOKEN, 200, profile, 1).await;
        world
    }

    async fn answers(&self, route: &str, token: &str, status: u16, body: Value, times: u64) {
        Mock::given(method("GET"))
            .and(path(route))
            .and(header("authorization", format!("Bearer {token}").as_str()))
            .respond_with(ResponseTemplate::new(status).set_body_json(body))
            .expect(times)
            .mount(&self.server)
            .await;
    }

    async fn describes(&self, plans: Value, times: u64) {
        self.answers("/api/1.0/plan_description", "ours", 200, plans, times).await;
    }

    async fn sells(&self, product: Value) {
        self.answers("/api/1.0/products", "ours", 200, json!({"_items": [product]}), 1).await;
    }

    /// The code and the message of the answer; `None`: the project may be deployed.
    async fn refusal(&self, caller: &Caller, requirement: &Requirement) -> Option<(String, String)> {
        let url = format!("{}/plans/{{user_id}}", self.server.uri());
        refusal(&client(&self.server.uri(), UserPlanUrl::parse(&url)), caller, requirement).await
    }
}

fn client(base_url: &str, user_plan_url: Option<UserPlanUrl>) -> UserServiceClient {
    UserServiceClient::new(UserServiceSettings {
        base_url: base_url.parse().unwrap(),
        timeout: Duration::from_millis(500),
        attempts: 3,
        service_token: Some("ours".into()),
        user_plan_url,
    })
    .unwrap()
}

async fn refusal(
    service: &dyn UserService,
    caller: &Caller,
    requirement: &Requirement,
) -> Option<(String, String)> {
    let problem = validate(service, caller, requirement).await.err()?.problem();
    Some((problem.code.into_owned(), problem.message))
}

fn ada() -> Caller {
    with_no_token().with_provider_token(TOKEN)
}

fn with_no_token() -> Caller {
    Caller::new("ada", Role::GroupUser, "Ada", None)
}

fn requiring(plan: Option<&str>, product_id: Option<i32>) -> Requirement {
    let required_plan = plan.map(str::to_owned);
    Requirement { template_id: ID, slug: "shop".to_owned(), required_plan, product_id }
}

fn plans() -> Value {
    json!({"_items": [{"name": "starter"}, {"name": "growth"}, {"name": "scale"}]})
}

fn bought() -> Value {
    json!([{"id": 1, "product_type": "template", "external_id": ID}])
}

fn answer(code: &str, message: &str) -> Option<(String, String)> {
    Some((code.to_owned(), message.to_owned()))
}

fn unknown(code: &str, reason: &str) -> Option<(String, String)> {
    answer(code, &format!("Failed to validate deployment: {reason}"))
}

#[rstest]
#[case::the_same(json!({"user": {"_id": "ada", "plan": {"name": "growth"}}}), 0)]
#[case::as_text(json!({"user": {"_id": "ada", "plan": "Growth"}}), 0)]
#[case::by_code(json!({"plan": {"name": "Growth, yearly", "code": "growth"}}), 0)]
#[case::a_higher_one(json!({"user": {"_id": "ada", "plan": {"name": "scale"}}}), 1)]
#[tokio::test]
async fn the_plan_or_a_higher_one_is_enough(#[case] profile: Value, #[case] asked_for_plans: u64) {
    let world = World::knowing(profile).await;
    world.describes(plans(), asked_for_plans).await;
    assert_eq!(world.refusal(&ada(), &requiring(Some("growth"), None)).await, None);
}

#[rstest]
#[case(json!({"user": {"plan": {"name": "starter"}}}), "starter", 1)]
#[case(json!({"user": {"plan": "starter"}}), "starter", 1)]
#[case(json!({"user": {"plan": "free"}}), "free", 1)]
#[case(json!({"user": {"plan": null}}), "unknown", 0)]
#[case(json!({"user": {"plan": {"name": "scale", "active": false}}}), "unknown", 0)]
#[tokio::test]
async fn a_lower_plan_is_refused_and_named(#[case] profile: Value, #[case] held: &str, #[case] asked: u64) {
    let world = World::knowing(profile).await;
    world.describes(plans(), asked).await;
    let message = format!("You require a 'growth' subscription to deploy this template (you have '{held}')");
    assert_eq!(
        world.refusal(&ada(), &requiring(Some("growth"), None)).await,
        answer("plan-insufficient", &message)
    );
}

#[tokio::test]
async fn without_descriptions_only_the_well_known_plans_have_an_order() {
    let world = World::knowing(json!({"plan": "enterprise"})).await;
    world.answers("/api/1.0/plan_description", "ours", 404, json!({}), 1).await;
    assert_eq!(world.refusal(&ada(), &requiring(Some("professional"), None)).await, None);
    let world = World::knowing(json!({"plan": "scale"})).await;
    world.answers("/api/1.0/plan_description", "ours", 404, json!({}), 1).await;
    assert_eq!(
        world.refusal(&ada(), &requiring(Some("growth"), None)).await,
        unknown(
            "plan-unknown",
            "the User Service does not say whether the plan 'scale' includes the plan 'growth'"
        )
    );
}

#[rstest]
#[case(500, "the User Service does not answer")]
#[case(429, "the User Service does not answer")]
#[case(401, "the User Service refuses to answer")]
#[case(403, "the User Service refuses to answer")]
#[case(404, "the User Service does not know this")]
#[case(302, "the User Service answers with the unexpected status 302")]
#[tokio::test]
async fn a_service_that_says_nothing_about_a_person_opens_nothing(#[case] status: u16, #[case] reason: &str) {
    let world = World::new().await;
    let body = json!({"user": {"plan": "growth", "products": bought()}});
    world.answers("/oauth_server/api/me", TOKEN, status, body, 2).await;
    assert_eq!(
        world.refusal(&ada(), &requiring(Some("growth"), Some(1))).await,
        unknown("plan-unknown", reason)
    );
    assert_eq!(world.refusal(&ada(), &requiring(None, Some(1))).await, unknown("purchase-unknown", reason));
}

#[rstest]
#[case(500, "the User Service does not answer")]
#[case(401, "the User Service refuses to answer")]
#[tokio::test]
async fn a_service_that_says_nothing_about_plans_opens_nothing(#[case] status: u16, #[case] reason: &str) {
    let world = World::knowing(json!({"plan": "enterprise"})).await;
    world.answers("/api/1.0/plan_description", "ours", status, plans(), 1).await;
    assert_eq!(
        world.refusal(&ada(), &requiring(Some("professional"), None)).await,
        unknown("plan-unknown", reason)
    );
}

#[tokio::test]
async fn a_service_that_is_silent_or_away_opens_nothing() {
    let world = World::new().await;
    let silent = ResponseTemplate::new(200).set_delay(Duration::from_secs(60));
    Mock::given(method("GET")).respond_with(silent).mount(&world.server).await;
    let expected = unknown("plan-unknown", "the User Service does not answer");
    assert_eq!(world.refusal(&ada(), &requiring(Some("growth"), None)).await, expected);
    // Nothing listens at port 1.
    let away = client("http://127.0.0.1:1", None);
    assert_eq!(refusal(&away, &ada(), &requiring(Some("growth"), None)).await, expected);
}

#[rstest]
#[case(json!({"user": {"_id": "ada"}}))]
#[case(json!({"user": {"_id": "ada", "plan": 7}}))]
#[tokio::test]
async fn a_profile_without_a_plan_says_nothing(#[case] profile: Value) {
    let world = World::knowing(profile).await;
    assert_eq!(
        world.refusal(&ada(), &requiring(Some("growth"), None)).await,
        unknown("plan-unknown", "the User Service does not say which plan you have")
    );
}

#[tokio::test]
async fn who_has_no_token_is_asked_about_by_name() {
    let world = World::new().await;
    let body = json!({"user_id": "ada", "plan": "growth", "products": bought()});
    world.answers("/plans/ada", "ours", 200, body, 1).await;
    assert_eq!(world.refusal(&with_no_token(), &requiring(Some("growth"), Some(1))).await, None);
}

#[tokio::test]
async fn an_answer_about_somebody_else_opens_nothing() {
    let world = World::new().await;
    let body = json!({"user_id": "bob", "plan": "growth"});
    world.answers("/plans/ada", "ours", 200, body, 1).await;
    assert_eq!(
        world.refusal(&with_no_token(), &requiring(Some("growth"), None)).await,
        unknown("plan-unknown", "the User Service answers about somebody else")
    );
}

#[tokio::test]
async fn who_can_neither_show_a_token_nor_be_asked_about_is_refused() {
    let world = World::new().await;
    Mock::given(method("GET")).respond_with(ResponseTemplate::new(200)).expect(0).mount(&world.server).await;
    let client = client(&world.server.uri(), None);
    assert_eq!(
        refusal(&client, &with_no_token(), &requiring(Some("growth"), None)).await,
        unknown(
            "plan-unknown",
            "the User Service cannot be asked about a person who has not signed in there"
        )
    );
}

#[tokio::test]
async fn a_purchase_is_enough_for_a_paid_template() {
    let world = World::knowing(json!({"user": {"plan": null, "products": bought()}})).await;
    assert_eq!(world.refusal(&ada(), &requiring(None, Some(1))).await, None);
}

#[tokio::test]
async fn who_has_not_bought_it_is_told_the_price() {
    let world = World::knowing(json!({"user": {"products": []}})).await;
    world.sells(json!({"product_type": "template", "external_id": ID, "price": 49.5})).await;
    assert_eq!(
        world.refusal(&ada(), &requiring(None, Some(1))).await,
        answer(
            "template-not-purchased",
            "This verified pro stack requires purchase ($49.50). Please purchase from marketplace."
        )
    );
}

#[rstest]
#[case(200, json!({"_items": []}))]
#[case(200, json!({"_items": [{"product_type": "template", "external_id": ID}]}))]
#[case(500, json!({}))]
#[tokio::test]
async fn who_has_not_bought_it_is_told_its_id_if_the_price_is_not_known(
    #[case] status: u16,
    #[case] products: Value,
) {
    let other = json!([{"product_type": "template", "external_id": Uuid::from_u128(8)}]);
    let world = World::knowing(json!({"user": {"products": other}})).await;
    world.answers("/api/1.0/products", "ours", status, products, 1).await;
    assert_eq!(
        world.refusal(&ada(), &requiring(None, Some(1))).await,
        answer(
            "template-not-purchased",
            "You must purchase this template to deploy it. Template ID: 00000000-0000-0000-0000-000000000007"
        )
    );
}

#[tokio::test]
async fn a_profile_without_purchases_says_nothing() {
    let world = World::knowing(json!({"user": {"plan": "growth"}})).await;
    assert_eq!(
        world.refusal(&ada(), &requiring(Some("growth"), Some(1))).await,
        unknown("purchase-unknown", "the User Service does not say what you have bought")
    );
}

#[tokio::test]
async fn the_plan_comes_before_the_purchase() {
    let world = World::knowing(json!({"user": {"plan": "starter", "products": []}})).await;
    world.describes(plans(), 1).await;
    world.answers("/api/1.0/products", "ours", 200, json!([]), 0).await;
    let (code, _) = world.refusal(&ada(), &requiring(Some("growth"), Some(1))).await.unwrap();
    assert_eq!(code, "plan-insufficient");
}

#[tokio::test]
async fn a_template_for_everybody_asks_nobody() {
    let world = World::new().await;
    Mock::given(method("GET")).respond_with(ResponseTemplate::new(500)).expect(0).mount(&world.server).await;
    assert_eq!(world.refusal(&ada(), &requiring(None, None)).await, None);
}

#[tokio::test]
async fn without_a_user_service_there_are_no_templates_for_plans_and_nothing_to_buy() {
    assert_eq!(
        refusal(&NoUserService, &ada(), &requiring(Some("basic"), None)).await,
        unknown("plan-unknown", "this server is connected to no User Service")
    );
    assert_eq!(refusal(&NoUserService, &ada(), &requiring(None, Some(1))).await, None);
    assert_eq!(refusal(&NoUserService, &ada(), &requiring(None, None)).await, None);
}

#[test]
fn who_lacks_something_is_forbidden_and_an_open_question_can_be_asked_again() {
    let kind = |error: ValidationError| error.problem().kind;
    assert_eq!(kind(Lacking::plan("pro", &PlanHeld::None).into()), ProblemKind::NotEntitled);
    assert_eq!(kind(requiring(None, None).lacks_purchase(None).into()), ProblemKind::NotEntitled);
    for about in [Question::Plan, Question::Purchase] {
        let unknown = ValidationError::Unknown { about, reason: String::new() };
        assert_eq!(kind(unknown), ProblemKind::Unavailable);
    }
}
