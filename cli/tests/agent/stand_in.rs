//! A fake server: delivers commands and records the calls of the agent.

use std::{
    collections::VecDeque,
    path::{Path, PathBuf},
    process::Stdio,
    sync::{Arc, Mutex},
    time::Duration,
};

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    process::{Child, Command},
    sync::watch,
};
use wiremock::{
    Mock, MockServer, Request, Respond, ResponseTemplate,
    matchers::{method, path, path_regex},
};

pub const TOKEN: &str = "first-token";
pub const HASH: &str = "deployment-hash";

#[derive(Default)]
pub struct Heard {
    pub queue: VecDeque<Value>,
    pub reports: Vec<Value>,
    pub progress: Vec<Value>,
    pub states: Vec<Value>,
    pub polls: usize,
    pub registrations: Vec<Value>,
    /// Calls with a wrong signature, header or token.
    pub unsigned: Vec<String>,
    /// The statuses with which the next reports are answered, instead of 200.
    pub refuse_reports: VecDeque<u16>,
    /// Accepted tokens.
    pub tokens: Vec<String>,
    /// A new token, sent with the next answer to a poll.
    pub next_token: Option<String>,
    /// Commands that are reported as cancelled in answers to progress.
    pub cancelled: Vec<String>,
    /// The bodies of hosts that left, or tried to.
    pub left: Vec<Value>,
    /// Whether deployments are live on the host: it may leave only by force.
    pub has_deployments: bool,
    /// Whether the server is down: every call is answered 503.
    pub is_gone: bool,
    /// The tokens of all calls, in order.
    pub used_tokens: Vec<String>,
}

#[derive(Clone)]
pub struct StandIn {
    pub heard: Arc<Mutex<Heard>>,
    changed: watch::Sender<u64>,
}

pub struct Server {
    pub mock: MockServer,
    pub stand_in: StandIn,
    pub folder: TempDir,
    pub policy: PathBuf,
}

impl Server {
    pub async fn start() -> Self {
        let mock = MockServer::start().await;
        let stand_in = StandIn {
            heard: Arc::new(Mutex::new(Heard { tokens: vec![TOKEN.to_owned()], ..Heard::default() })),
            changed: watch::channel(0).0,
        };
        let folder = tempfile::tempdir().unwrap();
        let policy = folder.path().join("policy.yaml");
        for (verb, pattern) in [
            ("GET", "^/api/v1/agent/commands/wait/host_1$"),
            ("POST", "^/api/v1/agent/commands/(report|progress)$"),
            ("POST", "^/api/v1/agent/(state|leave)$"),
        ] {
            Mock::given(method(verb))
                .and(path_regex(pattern))
                .respond_with(stand_in.clone())
                .mount(&mock)
                .await;
        }
        Mock::given(method("POST"))
            .and(path("/api/v1/agent/register"))
            .respond_with(stand_in.clone())
            .mount(&mock)
            .await;
        Self { mock, stand_in, folder, policy }
    }

    /// Writes the credentials, as `join` would.
    pub fn join(&self) {
        let credentials = json!({"url": self.mock.uri(), "agent_id": "00000000-0000-4000-8000-000000000001",
            "agent_token": TOKEN, "channel": "host_1"});
        std::fs::create_dir_all(self.data()).unwrap();
        std::fs::write(self.data().join("credentials.json"), credentials.to_string()).unwrap();
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("agent")
    }

    pub fn command(&self, arguments: &[&str], last: Option<&Path>) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_stacker"));
        command.arg("agent").args(arguments).args(last).arg("--data-dir").arg(self.data());
        command.stdin(Stdio::null()).kill_on_drop(true);
        command
    }

    /// Runs the agent with the test engine, if there is one, and never with another engine.
    pub fn run_agent(&self) -> Child {
        let engine =
            std::env::var("STACKER_TEST_ENGINE").unwrap_or_else(|_| "/nonexistent/engine.sock".to_owned());
        let mut command = self.command(&["run", "--policy"], Some(&self.policy));
        command.env("DOCKER_HOST", format!("unix://{engine}")).env("RUST_LOG", "info").spawn().unwrap()
    }

    pub fn enqueue(&self, command: Value) {
        self.stand_in.change(|heard| heard.queue.push_back(command));
    }

    pub fn heard<T>(&self, look: impl FnOnce(&Heard) -> T) -> T {
        look(&self.stand_in.heard.lock().unwrap())
    }

    pub fn change(&self, change: impl FnOnce(&mut Heard)) {
        self.stand_in.change(change);
    }

    /// Waits until `look` returns a value, and fails after a time limit.
    pub async fn until<T>(&self, what: &str, look: impl Fn(&Heard) -> Option<T>) -> T {
        self.until_within(Duration::from_secs(90), what, look).await
    }

    pub async fn until_within<T>(
        &self,
        limit: Duration,
        what: &str,
        look: impl Fn(&Heard) -> Option<T>,
    ) -> T {
        let mut changes = self.stand_in.changed.subscribe();
        let found = tokio::time::timeout(limit, async {
            loop {
                changes.borrow_and_update();
                if let Some(found) = self.heard(|heard| look(heard)) {
                    return found;
                }
                changes.changed().await.unwrap();
            }
        })
        .await;
        found.unwrap_or_else(|_| {
            let (reports, progress) = self.heard(|heard| (heard.reports.clone(), heard.progress.clone()));
            panic!("waited in vain for {what}; reports: {reports:#?}; progress: {progress:#?}")
        })
    }

    pub async fn report_of(&self, command_id: &str) -> Value {
        self.until(&format!("the report of {command_id}"), |heard| {
            heard.reports.iter().find(|report| report["command_id"] == command_id).cloned()
        })
        .await
    }

    /// Enqueues a command and waits for its report.
    pub async fn run(&self, command_id: &str, kind: &str, parameters: Value) -> Value {
        self.enqueue(command(command_id, kind, parameters));
        self.report_of(command_id).await
    }
}

pub fn command(command_id: &str, kind: &str, parameters: Value) -> Value {
    json!({"command_id": command_id, "type": kind, "deployment_hash": HASH, "parameters": parameters,
        "id": "00000000-0000-4000-8000-000000000002", "status": "sent", "priority": "normal", "timeout_seconds": 300})
}

impl StandIn {
    fn change(&self, change: impl FnOnce(&mut Heard)) {
        change(&mut self.heard.lock().unwrap());
        self.changed.send_modify(|count| *count += 1);
    }
}

impl Respond for StandIn {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let mut answer = ResponseTemplate::new(500);
        self.change(|heard| answer = answer_to(heard, request));
        answer
    }
}

fn answer_to(heard: &mut Heard, request: &Request) -> ResponseTemplate {
    if heard.is_gone {
        return ResponseTemplate::new(503);
    }
    let body: Value = serde_json::from_slice(&request.body).unwrap_or(Value::Null);
    let at = request.url.path().to_owned();
    let ok = |item: Value| ResponseTemplate::new(200).set_body_json(json!({"message": "ok", "item": item}));
    if at.ends_with("/register") {
        heard.registrations.push(body.clone());
        if body["enrolment_code"] != "GOOD-CODE" {
            return ResponseTemplate::new(403)
                .set_body_json(json!({"message": "This code is not valid", "code": "enrolment-code"}));
        }
        return ResponseTemplate::new(201).set_body_json(json!({"data": {"item": {
            "agent_id": "00000000-0000-4000-8000-000000000001", "agent_token": TOKEN, "dashboard_version": "0.4.0",
            "supported_api_versions": ["1.0"], "channel": "host_1"}}}));
    }
    let header = |name: &str| {
        request.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
    };
    let token = header("authorization").trim_start_matches("Bearer ").to_owned();
    let complete = ["x-agent-id", "x-timestamp", "x-request-id", "x-agent-signature"]
        .iter()
        .all(|name| !header(name).is_empty());
    if !complete || header("x-agent-signature") != signature(&token, &request.body) {
        heard.unsigned.push(at.clone());
    }
    heard.used_tokens.push(token.clone());
    if !heard.tokens.contains(&token) {
        return ResponseTemplate::new(401)
            .set_body_json(json!({"message": "Unknown token", "code": "unauthorised"}));
    }
    if at.contains("/wait/") {
        heard.polls += 1;
        let meta = match heard.next_token.take() {
            Some(token) => json!({"next_poll_secs": 0, "next_token": token}),
            None => json!({"next_poll_secs": 0}),
        };
        let item = heard.queue.pop_front();
        // Holds the request for a moment, as a server does when there is no command.
        let held = if item.is_some() { 0 } else { 100 };
        return ResponseTemplate::new(200)
            .set_body_json(json!({"message": "ok", "item": item, "meta": meta}))
            .set_delay(Duration::from_millis(held));
    }
    if at.ends_with("/progress") {
        let cancelled = heard.cancelled.iter().any(|id| body["command_id"] == *id);
        heard.progress.push(body);
        return ok(json!({"accepted": true, "cancelled": cancelled}));
    }
    if at.ends_with("/state") {
        heard.states.push(body);
        return ok(Value::Null);
    }
    if at.ends_with("/leave") {
        heard.left.push(body.clone());
        if heard.has_deployments && body["force"] != true {
            return ResponseTemplate::new(409).set_body_json(
                json!({"message": "the host has live deployments", "code": "host-has-deployments"}),
            );
        }
        heard.tokens.clear();
        return ok(Value::Null);
    }
    match heard.refuse_reports.pop_front() {
        Some(status) => ResponseTemplate::new(status).set_body_json(json!({"message": "no"})),
        None => {
            heard.reports.push(body);
            ok(json!({"accepted": true, "message": "ok"}))
        }
    }
}

fn signature(token: &str, body: &[u8]) -> String {
    use base64::Engine;
    use hmac::{Hmac, KeyInit, Mac};
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(token.as_bytes()).unwrap();
    mac.update(body);
    base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes())
}
