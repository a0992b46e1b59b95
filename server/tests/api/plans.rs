//! Templates that require a plan, over the real port: the token of the request reaches the User Service.

use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{header, method, path},
};

use crate::helpers::{TestApp, form, spawn_app};

/// A server whose users are known to a sign-in provider and to a User Service, which tell them apart by their token.
struct Marketplace {
    app: TestApp,
    service: MockServer,
}

impl Marketplace {
    async fn new() -> Self {
        let service = MockServer::start().await;
        let variables = [
            ("STACKER__AUTH_URL", format!("{}/me", service.uri())),
            ("STACKER__CONNECTORS__USER_SERVICE__ENABLED", "true".to_owned()),
            ("STACKER__CONNECTORS__USER_SERVICE__BASE_URL", format!("{}/users", service.uri())),
            ("USER_SERVICE_AUTH_TOKEN", "ours".to_owned()),
        ];
        let variables: Vec<_> = variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let app = spawn_app().await.twin(&variables).await;
        let marketplace = Self { app, service };
        let plans = json!([{"name": "starter"}, {"name": "growth"}]);
        marketplace.answers("/users/api/1.0/plan_description", "ours", 200, plans).await;
        marketplace
    }

    /// The person with this token is `ada`, and has this plan.
    async fn knows(&self, token: &str, plan: &str) {
        let user = json!({"user": {
            "_id": "ada", "email": "ada@example.org", "email_confirmed": true, "role": "group_user", "currency": null,
            "password_change_required": null, "billing_first_name": null, "billing_last_name": null,
            "deployments_left": null, "plan": {"name": plan},
        }});
        self.answers("/me", token, 200, user.clone()).await;
        self.answers("/users/oauth_server/api/me", token, 200, user).await;
    }

    async fn answers(&self, route: &str, token: &str, status: u16, body: Value) {
        Mock::given(method("GET"))
            .and(path(route))
            .and(header("authorization", format!("Bearer {token}").as_str()))
            .respond_with(ResponseTemplate::new(status).set_body_json(body))
            .mount(&self.service)
            .await;
    }

    async fn post(&self, token: &str, route: &str, body: &Value) -> Response {
        self.app.anonymous().post(self.app.url(route)).bearer_auth(token).json(body).send().await.unwrap()
    }

    /// A project from a template that requires the plan `growth`, and a host to deploy it to.
    async fn project_and_host(&self, token: &str) -> (i64, String) {
        let project: Value = self.post(token, "/project", &form("shop")).await.json().await.unwrap();
        let project = project["item"]["id"].as_i64().unwrap();
        self.app.made_from_template_for("growth", project).await;
        let host: Value =
            self.post(token, "/api/v1/hosts", &json!({"name": "attic"})).await.json().await.unwrap();
        (project, host["item"]["host_id"].as_str().unwrap().to_owned())
    }
}

async fn told(answer: Response, status: StatusCode) -> (String, String) {
    assert_eq!(answer.status(), status);
    let body: Value = answer.json().await.unwrap();
    let text = |key: &str| body[key].as_str().unwrap_or_default().to_owned();
    (text("code"), text("message"))
}

#[tokio::test]
async fn the_plan_of_the_person_who_deploys_decides() {
    let marketplace = Marketplace::new().await;
    marketplace.knows("of-starter", "starter").await;
    marketplace.knows("of-growth", "growth").await;
    let (project, host) = marketplace.project_and_host("of-starter").await;
    let (deploy, body) = (format!("/project/{project}/deploy"), json!({"host": host}));

    let refused = marketplace.post("of-starter", &deploy, &body).await;
    let message = "You require a 'growth' subscription to deploy this template (you have 'starter')";
    assert_eq!(
        told(refused, StatusCode::FORBIDDEN).await,
        ("plan-insufficient".to_owned(), message.to_owned())
    );
    let deployed = marketplace.post("of-growth", &deploy, &body).await;
    assert_eq!(deployed.status(), StatusCode::OK);
}

#[tokio::test]
async fn without_a_token_of_the_provider_and_an_address_nobody_is_let_through() {
    let marketplace = Marketplace::new().await;
    marketplace.knows("of-growth", "growth").await;
    let (project, host) = marketplace.project_and_host("of-growth").await;
    // A personal access token says nothing to the User Service.
    let ada = marketplace.app.client("ada").await;
    let deploy = ada.post(&format!("/project/{project}/deploy")).json(&json!({"host": host}));
    let (code, message) = told(deploy.send().await.unwrap(), StatusCode::SERVICE_UNAVAILABLE).await;
    assert_eq!(code, "plan-unknown");
    assert!(message.starts_with("Failed to validate deployment: "), "{message}");
}
