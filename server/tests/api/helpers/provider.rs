//! Servers that trust a sign-in provider.

use serde_json::json;
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{header, method, path},
};

use super::TestApp;

/// A server and the provider at which it looks up users.
pub struct WithProvider {
    app: TestApp,
    _provider: Option<MockServer>,
}

impl std::ops::Deref for WithProvider {
    type Target = TestApp;

    fn deref(&self) -> &TestApp {
        &self.app
    }
}

impl TestApp {
    /// Starts a server whose provider accepts this one bearer token.
    pub async fn provider_knowing(&self, bearer: &str, user_id: &str, role: &str) -> WithProvider {
        let provider = MockServer::start().await;
        let user = json!({"user": {
            "_id": user_id, "email": "someone@example.org", "email_confirmed": true, "role": role,
            "first_name": "Some", "last_name": "One", "currency": null, "password_change_required": null,
            "billing_first_name": null, "billing_last_name": null, "deployments_left": null,
        }});
        Mock::given(method("GET"))
            .and(path("/me"))
            .and(header("authorization", format!("Bearer {bearer}")))
            .respond_with(ResponseTemplate::new(200).set_body_json(user))
            .mount(&provider)
            .await;
        Mock::given(method("GET"))
            .and(path("/me"))
            .respond_with(ResponseTemplate::new(401))
            .with_priority(9)
            .mount(&provider)
            .await;
        let app = self.twin(&[("STACKER__AUTH_URL", &format!("{}/me", provider.uri()))]).await;
        WithProvider { app, _provider: Some(provider) }
    }

    /// Starts a server whose provider cannot be reached.
    pub async fn provider_away(&self) -> WithProvider {
        let app = self.twin(&[("STACKER__AUTH_URL", "http://127.0.0.1:9/me")]).await;
        WithProvider { app, _provider: None }
    }
}
