//! The values of a project's variables go in, and come out only where they are asked for: for editors, and for the agent that
//! deploys them.

use std::{
    fmt::{Debug, Write as _},
    sync::Mutex,
};

use reqwest::{RequestBuilder, StatusCode};
use serde_json::{Value, json};
use stacker::local_operator::local_operator;
use tracing::{
    Event, Level, Metadata, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
};

use crate::helpers::{TestApp, spawn_app};

/// A part of every secret of this test, and of no other text.
const MARK: &str = "hunter2kept";
const TEXT: &str =
    "services:\n  web:\n    image: nginx:1.27\n    environment:\n      PASSWORD: ${PASSWORD}\n";

/// Everything logged in this process that contains the mark.
static LOGGED: Mutex<Vec<String>> = Mutex::new(Vec::new());
static LINES: Mutex<u64> = Mutex::new(0);

struct Listener;

#[derive(Default)]
struct Fields(String);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let _ = write!(self.0, "{field}={value:?} ");
    }
}

impl Fields {
    fn keep(self) {
        *LINES.lock().unwrap() += 1;
        if self.0.contains(MARK) {
            LOGGED.lock().unwrap().push(self.0);
        }
    }
}

impl Subscriber for Listener {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        let ours = ["server", "stacker", "app", "domain", "sqlx"];
        *metadata.level() <= Level::DEBUG && ours.iter().any(|target| metadata.target().starts_with(target))
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut fields = Fields::default();
        span.record(&mut fields);
        fields.keep();
        Id::from_u64(1)
    }

    fn record(&self, _span: &Id, values: &Record<'_>) {
        let mut fields = Fields::default();
        values.record(&mut fields);
        fields.keep();
    }

    fn record_follows_from(&self, _span: &Id, _follows: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        fields.keep();
    }

    fn enter(&self, _span: &Id) {}

    fn exit(&self, _span: &Id) {}
}

/// Sends a request that must succeed; its answer must not contain the mark.
async fn silent(request: RequestBuilder) -> Value {
    let answer = request.send().await.unwrap();
    let (status, url) = (answer.status(), answer.url().clone());
    let headers = format!("{:?}", answer.headers());
    let text = answer.text().await.unwrap();
    assert!(status.is_success(), "{url} {status} {text}");
    assert!(!text.contains(MARK) && !headers.contains(MARK) && !url.as_str().contains(MARK), "{url}: {text}");
    serde_json::from_str(&text).unwrap_or_default()
}

async fn page(app: &TestApp, browser: &reqwest::Client, path: &str) -> String {
    let answer = browser.get(app.url(path)).header("accept", "text/html").send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    answer.text().await.unwrap()
}

#[tokio::test]
async fn a_stored_value_is_in_no_answer_event_log_line_or_row() {
    tracing::subscriber::set_global_default(Listener).unwrap();
    let app = spawn_app().await;
    let user_id = local_operator().user_id;
    let own = app.client(&user_id).await;
    app.listens().await;
    let project = own.import("shop", TEXT).await;
    let of_project = |rest: &str| format!("/project/{project}{rest}");
    let values = json!({"values": {"PASSWORD": format!("{MARK}-1"), "UNUSED": format!("{MARK}-2")}});
    let set = silent(own.put(&of_project("/env")).json(&values)).await;
    assert_eq!(set["list"], json!(["PASSWORD", "UNUSED"]));
    let edits = json!({"edits": [
        {"op": "add_service", "service": "db", "app": "postgres", "secrets": {"password": format!("{MARK}-3")}},
        {"op": "set_value", "name": "UNUSED", "value": format!("{MARK}-4")},
        {"op": "set_environment", "service": "web", "key": "API_TOKEN", "value": format!("{MARK}-5")},
        {"op": "move_secrets"},
    ]});
    let edited = silent(own.post(&of_project("/edits")).json(&edits)).await;
    assert_eq!(edited["meta"]["findings"], json!([]), "{edited:#}");

    // Planned and deployed on a host.
    let host = silent(own.post("/api/v1/hosts").json(&json!({"name": "attic"}))).await;
    let register = json!({"enrolment_code": host["item"]["code"], "capabilities": ["docker"]});
    let registered: Value = app.register(&register).await.json().await.unwrap();
    let agent = &registered["data"]["item"];
    let of_agent = |request: RequestBuilder| {
        request
            .header("x-agent-id", agent["agent_id"].as_str().unwrap())
            .bearer_auth(agent["agent_token"].as_str().unwrap())
    };
    let deployed =
        silent(own.post(&of_project("/deploy")).json(&json!({"host": host["item"]["host_id"]}))).await;
    let (hash, command_id) = (&deployed["meta"]["deployment_hash"], &deployed["meta"]["command_id"]);
    let channel = agent["channel"].as_str().unwrap();
    let wait = app.url(&format!("/api/v1/agent/commands/wait/{channel}?timeout=20"));
    let fetched: Value = of_agent(app.anonymous().get(wait)).send().await.unwrap().json().await.unwrap();
    let expected = json!({"PASSWORD": format!("{MARK}-1"), "POSTGRES_PASSWORD": format!("{MARK}-3"), "API_TOKEN": format!("{MARK}-5")});
    assert_eq!(fetched["item"]["parameters"]["variables"], expected);
    let report = json!({"command_id": command_id, "deployment_hash": hash, "status": "success", "completed_at": "2026-01-01T00:00:00Z",
        "result": {"outcome": "deployed", "running_revision": 1, "message": "up"}});
    silent(of_agent(app.anonymous().post(app.url("/api/v1/agent/commands/report")).json(&report))).await;

    let hash = hash.as_str().unwrap();
    for path in [
        of_project(""),
        of_project("/compose"),
        "/project".to_owned(),
        "/api/v1/audit".to_owned(),
        "/api/v1/deployments".to_owned(),
        format!("/api/v1/deployments/{hash}"),
        format!("/api/v1/deployments/{hash}/revisions"),
        format!("/api/v1/deployments/{hash}/revisions/1"),
        format!("/api/v1/commands/{hash}"),
        format!("/api/v1/commands/{hash}/{}", command_id.as_str().unwrap()),
    ] {
        silent(own.get(&path)).await;
    }
    let browser = app.signed_in().await;
    for path in
        [format!("/projects/{project}"), format!("/deployments/{hash}"), "/audit".to_owned(), "/".to_owned()]
    {
        let html = page(&app, &browser, &path).await;
        assert!(!html.contains(MARK), "{path}");
        assert!(!path.starts_with("/projects") || html.contains("PASSWORD"), "{path}");
    }
    let broken = silent(own.put(&of_project("/compose")).json(&json!({"compose": "services: {}\n"}))).await;
    assert_eq!(broken["item"], "services: {}\n");

    let text = app.database_text().await;
    assert!(text.contains("values_changed"), "the rows were read");
    assert!(!text.contains(MARK) && !text.contains(&hex::encode(MARK)), "a row has it");
    assert!(*LINES.lock().unwrap() > 0, "nothing was logged at all");
    assert_eq!(*LOGGED.lock().unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn editors_read_and_download_the_values_and_nobody_else() {
    let app = spawn_app().await;
    let user_id = local_operator().user_id;
    let own = app.client(&user_id).await;
    let project = own.import("shop", TEXT).await;
    let path = format!("/project/{project}/env");
    own.put(&path).json(&json!({"values": {"PASSWORD": "it's $5"}})).send().await.unwrap();
    let answer = own.get(&path).send().await.unwrap();
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let answer: Value = answer.json().await.unwrap();
    assert_eq!(
        answer["item"],
        json!({"values": {"PASSWORD": "it's $5"}, "file": "PASSWORD=\"it's \\$5\"\n"})
    );

    let browser = app.signed_in().await;
    let download = browser
        .post(app.url(&format!("/projects/{project}/env")))
        .header("sec-fetch-site", "same-origin")
        .send()
        .await
        .unwrap();
    assert_eq!(download.headers()["cache-control"], "no-store");
    assert_eq!(download.headers()["content-disposition"], "attachment; filename=\".env\"");
    assert_eq!(download.text().await.unwrap(), "PASSWORD=\"it's \\$5\"\n");
    // Another site cannot make the browser fetch it.
    let foreign = browser
        .post(app.url(&format!("/projects/{project}/env")))
        .header("sec-fetch-site", "cross-site")
        .send()
        .await
        .unwrap();
    assert_eq!(foreign.status(), StatusCode::FORBIDDEN);

    assert_eq!(app.client("bob").await.get(&path).send().await.unwrap().status(), 404);
    let stale =
        own.put(&path).json(&json!({"version": 1, "values": {"PASSWORD": null}})).send().await.unwrap();
    assert_eq!(stale.status(), 409);
    let wrong = own.put(&path).json(&json!({"values": {"A-B": "x"}})).send().await.unwrap();
    assert_eq!(wrong.status(), 400);
    let audit = own.get_json("/api/v1/audit").await;
    let reads =
        audit["list"].as_array().unwrap().iter().filter(|line| line["action"] == "project.values_read");
    assert_eq!(reads.count(), 2);
}
