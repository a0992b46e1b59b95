//! A third-party agent: it registers with the hash of a deployment, polls and reports.

use domain::cloud::DeployBody;
use reqwest::{Client, RequestBuilder, Response};
use serde_json::{Value, json};

use super::{TestApp, caller};

pub struct TestAgent {
    http: Client,
    base: String,
    pub id: String,
    pub token: String,
    pub hash: String,
}

impl TestApp {
    /// Makes a live deployment of a user that waits for its agent, and returns its hash.
    pub async fn deployment_of(&self, user_id: &str) -> String {
        let project =
            self.client(user_id).await.import("p", "services:\n  web:\n    image: nginx:1.27\n").await;
        let form = DeployBody::own();
        let project = i32::try_from(project).unwrap();
        let deployed = self.services.deployments().deploy(&caller(user_id), project, form).await.unwrap();
        deployed.deployment_hash
    }

    pub async fn register(&self, body: &Value) -> Response {
        self.anonymous().post(self.url("/api/v1/agent/register")).json(body).send().await.unwrap()
    }

    /// Registers an agent for a new deployment.
    pub async fn agent_of(&self, user_id: &str) -> TestAgent {
        let hash = self.deployment_of(user_id).await;
        let body = json!({"deployment_hash": hash, "capabilities": ["docker"], "system_info": {}, "agent_version": "1"});
        let answer = self.register(&body).await;
        assert_eq!(answer.status(), 201);
        let answer: Value = answer.json().await.unwrap();
        let item = &answer["data"]["item"];
        TestAgent {
            http: self.anonymous(),
            base: self.url(""),
            id: item["agent_id"].as_str().unwrap().to_owned(),
            token: item["agent_token"].as_str().unwrap().to_owned(),
            hash,
        }
    }
}

impl TestAgent {
    /// The same agent, connected to another server.
    pub fn at(&self, app: &TestApp) -> Self {
        Self {
            http: self.http.clone(),
            base: app.url(""),
            id: self.id.clone(),
            token: self.token.clone(),
            hash: self.hash.clone(),
        }
    }

    fn signed_in(&self, request: RequestBuilder) -> RequestBuilder {
        request.header("x-agent-id", &self.id).bearer_auth(&self.token)
    }

    pub fn get(&self, path: &str) -> RequestBuilder {
        self.signed_in(self.http.get(format!("{}{path}", self.base)))
    }

    pub fn post(&self, path: &str) -> RequestBuilder {
        self.signed_in(self.http.post(format!("{}{path}", self.base)))
    }

    pub fn wait_path(&self) -> String {
        format!("/api/v1/agent/commands/wait/{}?timeout=20", self.hash)
    }

    /// Starts a poll in the background. The task returns its response.
    pub fn polling(&self) -> tokio::task::JoinHandle<Value> {
        let request = self.get(&self.wait_path());
        tokio::spawn(async move {
            let answer = request.send().await.unwrap();
            assert_eq!(answer.status(), 200);
            answer.json().await.unwrap()
        })
    }

    pub fn report_body(&self, command_id: &str, status: &str) -> Value {
        json!({"command_id": command_id, "deployment_hash": self.hash, "status": status,
            "completed_at": "2026-01-01T00:00:00Z", "error": null, "executed_by": "test"})
    }

    pub async fn report(&self, command_id: &str, status: &str) -> Response {
        let body = self.report_body(command_id, status);
        self.post("/api/v1/agent/commands/report").json(&body).send().await.unwrap()
    }
}
