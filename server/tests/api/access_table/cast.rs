//! The callers of the access table, and what they try to access.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use domain::{access::ProjectRole, api::CreateAccessToken, rating::CreateRating};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use stacker::context::Clock as _;

use crate::{
    access::Program,
    helpers::{ApiClient, TestAgent, TestApp, caller, spawn_with},
    service_jwt::{KNOWN_SECRET, service},
};

/// All kinds of callers, and things of the owner that they try to access.
pub struct Cast {
    pub app: TestApp,
    owner: ApiClient,
    /// The members of the owner's projects, by their role.
    members: BTreeMap<&'static str, ApiClient>,
    other: ApiClient,
    admin: ApiClient,
    program: Program,
    agent: TestAgent,
    other_agent: TestAgent,
    expired: String,
    revoked: String,
    /// A host of the owner. All deployments use it, because a user can have only a limited number of hosts.
    host: Value,
}

impl Cast {
    pub async fn assemble() -> Self {
        let app = spawn_with(&[
            ("STACKER__RATE_LIMITS__ENABLED", "false"),
            ("STACKER__MAX_CLIENTS_NUMBER", "100000"),
            ("STACKER__CALLBACKS__MAX_SUBSCRIPTIONS", "100000"),
            KNOWN_SECRET[0],
            KNOWN_SECRET[1],
        ])
        .await;
        let program = Program::of(&app, "owner", json!({"name": "program"})).await;
        let (agent, other_agent) = (app.agent_of("owner").await, app.agent_of("other").await);
        let tokens = app.services.tokens();
        let ends = app.clock.now() + TimeDelta::seconds(60);
        let expiring = CreateAccessToken { expires_at: Some(ends), ..CreateAccessToken::named("expired") };
        let expired = tokens.create(&caller("owner"), expiring).await.unwrap().token.unwrap();
        app.clock.advance(TimeDelta::seconds(61));
        let revoked = tokens.create(&caller("owner"), CreateAccessToken::named("revoked")).await.unwrap();
        tokens.revoke(&caller("owner"), revoked.id).await.unwrap();
        let owner = app.client("owner").await;
        let host = owner.post("/api/v1/hosts").json(&json!({"name": "attic"})).send().await.unwrap();
        let host: Value = host.json().await.unwrap();
        let mut members = BTreeMap::new();
        for role in ProjectRole::GIVEN {
            members.insert(role.as_str(), app.client(role.as_str()).await);
        }
        let cast = Self {
            owner,
            members,
            host: host["item"]["host_id"].clone(),
            other: app.client("other").await,
            admin: app.admin("admin").await,
            expired,
            revoked: revoked.token.unwrap(),
            app,
            program,
            agent,
            other_agent,
        };
        cast.share(cast.project_of(&cast.agent.hash).await).await;
        cast
    }

    /// Makes the members join the project.
    async fn share(&self, project: i64) -> i64 {
        let projects = self.app.services.projects();
        for role in ProjectRole::GIVEN {
            let id = i32::try_from(project).unwrap();
            let invitation = projects.invite(&caller("owner"), id, role).await.unwrap();
            projects.join(&caller(role.as_str()), &invitation.code.unwrap()).await.unwrap();
        }
        project
    }

    async fn project_of(&self, hash: &str) -> i64 {
        let answer = self.owner.get(&format!("/api/v1/deployments/{hash}")).send().await.unwrap();
        answer.json::<Value>().await.unwrap()["item"]["project_id"].as_i64().unwrap()
    }

    /// Makes a project of the owner, with the members in it.
    async fn project(&self) -> i64 {
        self.share(self.owner.import("p", "services:\n  web:\n    image: nginx:1.27\n").await).await
    }

    pub fn request(&self, who: &str, method: &str, path: &str, body: &Value) -> RequestBuilder {
        let method: Method = method.parse().unwrap();
        let plain = || self.app.anonymous().request(method.clone(), self.app.url(path));
        let of_agent = |agent: &TestAgent| plain().header("x-agent-id", &agent.id).bearer_auth(&agent.token);
        let request = match who {
            "anonymous" => plain(),
            "owner" => self.owner.request(method.clone(), path),
            "editor" | "operator" | "viewer" => self.members[who].request(method.clone(), path),
            "other" => self.other.request(method.clone(), path),
            "admin" => self.admin.request(method.clone(), path),
            "client" => {
                let text = if method == Method::GET { String::new() } else { body.to_string() };
                return self.program.signed(&self.app, method, path, &text);
            }
            "agent" => of_agent(&self.agent),
            "other-agent" => of_agent(&self.other_agent),
            "expired" => plain().bearer_auth(&self.expired),
            "revoked" => plain().bearer_auth(&self.revoked),
            "service" => plain().bearer_auth(service(&self.app, KNOWN_SECRET[1].1, "admin_service", 60)),
            "forged" => plain().bearer_auth(service(&self.app, "not the secret", "admin_service", 60)),
            _ => panic!("{who} is in no column"),
        };
        if method == Method::GET { request } else { request.json(body) }
    }

    async fn made(&self, path: &str, body: Value) -> Value {
        let answer = self.owner.post(path).json(&body).send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.text().await.unwrap());
        answer.json().await.unwrap()
    }

    /// Fills the path with a new thing of the owner's, and makes a valid body.
    pub async fn prepared(&self, method: &str, path: &str) -> (String, Value) {
        let id = |made: &Value| made["item"]["id"].to_string();
        let mut body = self.app.valid_body(path, method);
        let path = match path {
            "/project/{id}/clouds/{cloud_id}/offers" => {
                let project = self.project().await;
                let cloud = self.cloud().await;
                let to_it = json!({"projects": [project]});
                let share = self.owner.put(&format!("/cloud/{cloud}/projects")).json(&to_it).send().await;
                assert!(share.unwrap().status().is_success());
                path.replace("{id}", &project.to_string()).replace("{cloud_id}", &cloud)
            }
            "/project/{id}/deploy/status" => {
                let project = self.project_of(&self.deployment().await).await;
                path.replace("{id}", &project.to_string())
            }
            _ if path.starts_with("/cloud/{id}") => path.replace("{id}", &self.cloud().await),
            _ if path.starts_with("/server/{id}") => {
                let server = self.app.server_of("owner", self.project().await).await;
                path.replace("{id}", &server.to_string())
            }
            _ if path.starts_with("/project/{id}") || path == "/admin/project/{id}/compose" => {
                let project = self.project().await;
                let mut path = path.replace("{id}", &project.to_string());
                if path.contains("{invitation_id}") {
                    let invite = format!("/project/{project}/invitations");
                    let made = self.made(&invite, json!({"role": "viewer"})).await;
                    path = path.replace("{invitation_id}", made["item"]["id"].as_str().unwrap());
                }
                path.replace("{user_id}", "viewer")
            }
            _ if path.starts_with("/client/{id}") || path.starts_with("/admin/client/{id}") => {
                let client = self.made("/client", json!({"name": "c"})).await;
                path.replace("{id}", &id(&client))
            }
            _ if path.starts_with("/rating/{id}") || path.starts_with("/admin/rating/{id}") => {
                path.replace("{id}", &self.rating(true).await.to_string())
            }
            _ if path.starts_with("/agreement/accepted/") => {
                let id = self.agreement().await;
                self.made("/agreement", json!({"agrt_id": id})).await;
                path.replace("{id}", &id.to_string())
            }
            _ if path.starts_with("/agreement/{id}") || path.starts_with("/admin/agreement/{id}") => {
                path.replace("{id}", &self.agreement().await.to_string())
            }
            "/registry/{id}" => {
                let server = format!("{}.example.com", self.app.services.context().random.uuid_v4());
                let body = json!({"server": server, "username": "u", "password": "p"});
                let made = self.made("/registry", body).await;
                path.replace("{id}", &id(&made))
            }
            "/api/v1/tokens/{id}" => {
                let token = self.made("/api/v1/tokens", json!({"name": "t", "scope": "read"})).await;
                path.replace("{id}", token["item"]["id"].as_str().unwrap())
            }
            _ if path.starts_with("/api/v1/callbacks/{id}") => {
                let new = json!({"url": "https://receiver.invalid/hook", "events": ["deployment.failed"]});
                let made = self.made("/api/v1/callbacks", new).await;
                let callback = made["item"]["id"].as_str().unwrap();
                let test = self.made(&format!("/api/v1/callbacks/{callback}/test"), Value::Null).await;
                let delivery = test["item"]["delivery_id"].as_str().unwrap();
                path.replace("{id}", callback).replace("{delivery_id}", delivery)
            }
            _ if path.starts_with("/api/v1/hosts/{id}") => {
                let host = self.made("/api/v1/hosts", json!({"name": "h"})).await;
                path.replace("{id}", host["item"]["host_id"].as_str().unwrap())
            }
            // This code is for a deployment with an agent of its own. A deployment on a host needs no code.
            "/api/v1/deployments/{deployment_hash}/enrolment" => {
                let hash = self.app.deployment_of("owner").await;
                self.share(self.project_of(&hash).await).await;
                path.replace("{deployment_hash}", &hash)
            }
            _ if path.starts_with("/api/v1/deployments/{deployment_hash}") => {
                path.replace("{deployment_hash}", &self.deployment().await)
            }
            _ if path.starts_with("/api/v1/commands/{deployment_hash}") => {
                let command = self.command(&self.agent.hash).await;
                path.replace("{deployment_hash}", &self.agent.hash).replace("{command_id}", &command)
            }
            _ => path.replace("{deployment_hash}", &self.agent.hash),
        };
        let hash = &self.agent.hash;
        match path.as_str() {
            "/api/v1/commands" | "/api/v1/agent/commands/enqueue" => {
                body = json!({"deployment_hash": hash, "command_type": "backup"});
            }
            "/project/join" => {
                let project = self.owner.import("p", "services: {}\n").await;
                let invite = format!("/project/{project}/invitations");
                let made = self.made(&invite, json!({"role": "viewer"})).await;
                body = json!({"code": made["item"]["code"]});
            }
            "/api/v1/agent/commands/report" => {
                let command = self.command(hash).await;
                body = self.agent.report_body(&command, "success");
            }
            "/api/v1/agent/commands/progress" => {
                let command = self.command(hash).await;
                body = json!({"command_id": command, "deployment_hash": hash, "seq": 1, "step": "pull",
                    "message": "x", "at": "2026-01-01T00:00:00Z"});
            }
            _ if path.starts_with("/project/") && path.contains("/deploy") => {
                body = json!({"stack": {"stack_code": "shop", "vars": []}, "server": {}, "cloud": {"provider": "own"}});
            }
            _ if path.starts_with("/cloud") => {
                body = json!({"provider": "contabo", "projects": []});
            }
            _ if path.starts_with("/server") => body = json!({"region": "eu"}),
            _ if path.starts_with("/registry") => {
                let server = format!("{}.example.com", self.app.services.context().random.uuid_v4());
                body = json!({"server": server, "username": "u", "password": "p"});
            }
            "/rating" => {
                let product = self.rating(false).await;
                body = json!({"obj_id": product, "category": "application", "rate": 10});
            }
            "/agreement" => body = json!({"agrt_id": self.agreement().await}),
            _ if path.ends_with("/images/check") => body = json!({}),
            "/api/v1/apps/status" => {
                body = json!({"deployment_hash": hash, "app_code": "web", "status": "running"});
            }
            _ => {}
        }
        let path = path.replace("{namespace}", "acme").replace("{repository}", "shop");
        let path = path.replace("{number}", "1").replace("{cloud_id}", "1").replace("{user_id}", "owner");
        // The shortest possible timeout, so that the test does not wait longer than necessary.
        let path = if path.contains("/wait/") { format!("{path}?timeout=5") } else { path };
        (path, body)
    }

    /// Makes a cloud of the owner, at a provider that is not asked anything.
    async fn cloud(&self) -> String {
        let body = json!({"provider": "contabo", "cloud_key": "k3y", "save_token": true});
        self.made("/cloud", body).await["item"]["id"].to_string()
    }

    /// Makes a product that nobody has rated, or a rating of one by the owner; returns the id of what was made.
    async fn rating(&self, rated: bool) -> i32 {
        let product = self.app.product().await;
        if !rated {
            return product;
        }
        let body = CreateRating { obj_id: product, rate: 7, ..CreateRating::default() };
        self.app.services.ratings().create(&caller("owner"), &body).await.unwrap().id
    }

    /// Makes an agreement that nobody has accepted.
    async fn agreement(&self) -> i32 {
        let body = json!({"name": "Terms", "text": "Be kind."});
        let made = self.admin.post("/admin/agreement").json(&body).send().await.unwrap();
        made.json::<Value>().await.unwrap()["item"]["id"].as_i64().unwrap().try_into().unwrap()
    }

    async fn deployment(&self) -> String {
        let project = self.project().await;
        let to_it = json!({"host": self.host});
        let deployed = self.made(&format!("/project/{project}/deploy"), to_it).await;
        deployed["meta"]["deployment_hash"].as_str().unwrap().to_owned()
    }

    async fn command(&self, hash: &str) -> String {
        let body = json!({"deployment_hash": hash, "command_type": "backup"});
        let made = self.made("/api/v1/commands", body).await;
        made["item"]["command_id"].as_str().unwrap().to_owned()
    }
}
