//! Stores untrusted text wherever text can be stored, and then renders every page on the server: the text must not create an
//! element, an attribute or a script, and must be readable on the page.

use reqwest::Client;
use serde_json::{Value, json};

use crate::helpers::{TestApp, spawn_app, until};

/// Text that tries to break out of every place that it can be rendered in. A text that breaks out makes an element or attribute
/// of this name.
const MARK: &str = "x-hostile";
const WAYS_OUT: [&str; 10] = [
    "<x-hostile>",
    "</textarea><x-hostile>",
    "</script><x-hostile>",
    "</title></style></noscript><x-hostile>",
    "--><x-hostile>",
    "\" x-hostile=\"",
    "' x-hostile='",
    "x x-hostile=1 ",
    "]]><x-hostile/>",
    "javascript:x-hostile",
];

struct Tag {
    name: String,
    attributes: Vec<(String, String)>,
}

/// The tags of a page as a browser reads them, as far as these tests need it: with quoted values, comments, and elements whose
/// content is not markup.
fn tags(html: &str) -> Vec<Tag> {
    let mut tags = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.find("-->").map_or("", |end| &comment[end + 3..]);
            continue;
        }
        if !rest.trim_start_matches('/').starts_with(|first: char| first.is_ascii_alphabetic()) {
            continue;
        }
        let (tag, after) = tag(rest);
        rest = after;
        if ["script", "style", "textarea", "title"].contains(&tag.name.as_str()) {
            let end = format!("</{}", tag.name);
            rest = rest.to_ascii_lowercase().find(&end).map_or("", |at| &rest[at..]);
        }
        tags.push(tag);
    }
    tags
}

/// The tag at the start of the text, and the text after it.
fn tag(text: &str) -> (Tag, &str) {
    let is_end = |c: char| c.is_whitespace() || c == '>' || c == '/';
    let name_end = text[1..].find(is_end).map_or(text.len(), |at| at + 1);
    let (name, mut rest) = text.split_at(name_end);
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        if rest.is_empty() || rest.starts_with('>') {
            let after = rest.strip_prefix('>').unwrap_or_default();
            return (Tag { name: name.to_ascii_lowercase(), attributes }, after);
        }
        let end = rest.find(|c: char| is_end(c) || c == '=').unwrap_or(rest.len()).max(1);
        let key = rest[..end].to_ascii_lowercase();
        rest = &rest[end..];
        let mut value = "";
        if let Some(given) = rest.strip_prefix('=') {
            let (from, end, skip) = match given.chars().next() {
                Some(quote @ ('"' | '\'')) => (1, given[1..].find(quote).map_or(given.len(), |at| at + 1), 1),
                _ => (0, given.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(given.len()), 0),
            };
            value = &given[from..end];
            rest = given.get(end + skip..).unwrap_or_default();
        }
        attributes.push((key, value.to_owned()));
    }
}

fn assert_tame(what: &str, html: &str) {
    for Tag { name, attributes } in tags(html) {
        assert!(!name.contains(MARK), "{what}: an element <{name}>");
        for (key, value) in attributes {
            assert!(!key.contains(MARK), "{what}: an attribute {key} of <{name}>");
            assert!(!key.starts_with("on"), "{what}: {key}={value} of <{name}>");
            let is_link = ["href", "src", "action", "formaction", "xlink:href"].contains(&key.as_str());
            let runs = value.trim_start().to_ascii_lowercase().starts_with("javascript:");
            assert!(!(is_link && runs), "{what}: {key}={value} of <{name}>");
        }
    }
    // The page stores data for its scripts in script elements, which only this text can end.
    assert!(!html.contains("</script><x-hostile"), "{what}: a script ends early");
}

#[test]
fn the_reader_of_pages_sees_what_gets_out() {
    let gets_out = |html: &str| {
        tags(html)
            .iter()
            .any(|tag| tag.name.contains(MARK) || tag.attributes.iter().any(|(key, _)| key.contains(MARK)))
    };
    for html in [
        "<p><x-hostile></p>",
        "<input value=\"\" x-hostile=\"\">",
        "<input value='' x-hostile=''>",
        "<input value=x x-hostile=1 >",
        "<textarea></textarea><x-hostile></textarea>",
        "<script>\"</script><x-hostile>\"</script>",
        "<!-- --><x-hostile> -->",
        "<title></TITLE><X-Hostile></title>",
    ] {
        assert!(gets_out(html), "{html}");
    }
    for html in [
        "<p>&lt;x-hostile&gt; \" x-hostile=\"</p>",
        "<input value=\"<x-hostile> ' x-hostile='\">",
        "<textarea>&lt;/textarea><x-hostile></textarea>",
        "<script>\"\\u003c/script><x-hostile>\"</script>",
        "<!-- <x-hostile> -->",
    ] {
        assert!(!gets_out(html), "{html}");
    }
}

fn quoted(text: &str) -> String {
    // A JSON string is valid YAML.
    Value::from(text).to_string()
}

/// A compose file with the text in every place that accepts any text.
fn compose(text: &str) -> String {
    let q = quoted(text);
    let comment = text.replace('\n', " ");
    format!(
        "# {comment}\nname: {q}\nservices:\n  {q}:\n    image: {q}\n    container_name: {q}\n    hostname: {q}\n    command: {q}\n    \
         entrypoint: [{q}]\n    user: {q}\n    working_dir: {q}\n    environment:\n      {q}: {q}\n      PLAIN: {q}\n    \
         labels:\n      {q}: {q}\n    annotations:\n      {q}: {q}\n    ports: [{q}]\n    volumes: [{q}, {{type: volume, source: {q}, target: {q}}}]\n    \
         networks: [{q}]\n    depends_on: [{q}]\n    env_file: [{q}]\n    profiles: [{q}]\n    extra_hosts: [{q}]\n    secrets: [{q}]\n    \
         configs: [{q}]\n    restart: {q}\n    platform: {q}\n    healthcheck:\n      test: {q}\n      interval: {q}\n    \
         deploy:\n      resources:\n        limits: {{cpus: {q}, memory: {q}}}\n    x-note: {q}\n  shop:\n    image: nginx:1.27\n    \
         environment: [{q}]\nnetworks:\n  {q}: {{driver: {q}}}\nvolumes:\n  {q}: {{driver: {q}}}\nsecrets:\n  {q}: {{file: {q}}}\n\
         configs:\n  {q}: {{content: {q}}}\nx-{MARK}: {q}\n"
    )
}

async fn page(app: &TestApp, browser: &Client, path: &str) -> String {
    let request = browser.get(app.url(path)).header("accept", "text/html");
    let answer = request.header("user-agent", WAYS_OUT.join("")).send().await.unwrap();
    assert!(answer.status().as_u16() < 500, "{path}: {}", answer.status());
    let html = answer.text().await.unwrap();
    assert_tame(path, &html);
    html
}

#[tokio::test]
async fn a_hostile_file_is_text_on_every_page() {
    let app = spawn_app().await;
    let browser = app.signed_in().await;
    let operator = app.client("local").await;
    for text in WAYS_OUT {
        let project = operator.import(text, &compose(text)).await;
        let builder = page(&app, &browser, &format!("/projects/{project}")).await;
        let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        assert!(builder.contains(&escaped), "{text} is not there to be read");
    }
    let list = page(&app, &browser, "/").await;
    assert!(list.matches("&lt;x-hostile&gt;").count() >= 4, "the names are there to be read");
}

#[tokio::test]
async fn hostile_names_of_hosts_tokens_and_clients_are_text() {
    let app = spawn_app().await;
    let browser = app.signed_in().await;
    let operator = app.client("local").await;
    for text in WAYS_OUT {
        for (path, body) in [
            ("/api/v1/hosts", json!({"name": text})),
            ("/api/v1/tokens", json!({"name": text})),
            (
                "/client",
                json!({"name": text, "callback_url": format!("https://example.com/{}", text.replace(' ', ""))}),
            ),
        ] {
            let made = operator.post(path).json(&body).send().await.unwrap();
            assert!(made.status().is_success(), "{path} {text}: {}", made.text().await.unwrap());
        }
    }
    for path in ["/hosts", "/access"] {
        let html = page(&app, &browser, path).await;
        assert!(html.contains("&lt;x-hostile&gt;"), "{path} shows the names");
    }
    // The list of sessions shows the name of the browser that signed in, so this name is hostile here, too.
    let code = app.services.sign_in().create_link_code().await.unwrap();
    let form = app.anonymous().post(app.url("/sign-in")).header("sec-fetch-site", "same-origin");
    let form = form.header("user-agent", WAYS_OUT.join("")).form(&[("code", code)]);
    assert_eq!(form.send().await.unwrap().status(), 303);
    page(&app, &browser, "/access").await;
}

#[tokio::test]
async fn a_hostile_comment_or_agreement_is_text() {
    let app = spawn_app().await;
    let (browser, admin) = (app.signed_in().await, app.admin("root").await);
    for (at, text) in WAYS_OUT.into_iter().enumerate() {
        let rating = json!({"obj_id": 1, "category": "application", "rate": 1, "comment": text});
        let rated =
            app.client(&format!("user-{at}")).await.post("/rating").json(&rating).send().await.unwrap();
        assert_eq!(rated.status(), 200, "{text}");
        let agreement = json!({"name": text, "text": text, "required": true});
        let made = admin.post("/admin/agreement").json(&agreement).send().await.unwrap();
        assert_eq!(made.status(), 200, "{text}");
    }
    // One's own comment is also the content of a field.
    let own = json!({"obj_id": 1, "category": "application", "rate": 1, "comment": WAYS_OUT[5]});
    assert_eq!(app.client("local").await.post("/rating").json(&own).send().await.unwrap().status(), 200);
    for path in ["/ratings/application/1", "/agreements"] {
        let html = page(&app, &browser, path).await;
        assert!(html.matches("&lt;x-hostile&gt;").count() >= 4, "{path}: the text is there to be read");
    }
}

#[tokio::test]
async fn what_a_hostile_agent_says_is_text() {
    let app = spawn_app().await;
    let browser = app.signed_in().await;
    let agent = app.agent_of("local").await;
    let operator = app.client("local").await;
    for text in WAYS_OUT {
        let body =
            json!({"deployment_hash": agent.hash, "command_type": "backup", "parameters": {text: text}});
        let made = operator.post("/api/v1/commands").json(&body).send().await.unwrap();
        let made: Value = made.json().await.unwrap();
        let command = made["item"]["command_id"].as_str().unwrap();
        agent.get(&agent.wait_path()).send().await.unwrap();
        let progress = json!({"command_id": command, "deployment_hash": agent.hash, "seq": 1, "step": "pull",
            "message": text, "at": "2026-01-01T00:00:00Z"});
        let said = [
            ("/api/v1/agent/commands/progress", progress),
            (
                "/api/v1/apps/status",
                json!({"deployment_hash": agent.hash, "app_code": text, "status": "running", "logs": [text]}),
            ),
            (
                "/api/v1/agent/commands/report",
                json!({"command_id": command, "deployment_hash": agent.hash, "status": "failed", "completed_at": "2026-01-01T00:00:00Z",
                    "error": {"code": text, "message": text}, "result": {text: text}, "errors": [{"code": text, "message": text}]}),
            ),
        ];
        for (path, body) in said {
            let answer = agent.post(path).json(&body).send().await.unwrap();
            assert!(answer.status().as_u16() < 500, "{path}: {}", answer.status());
        }
    }
    until("the report is there", || async {
        let list = operator.get_json(&format!("/api/v1/commands/{}", agent.hash)).await;
        list.to_string().contains("failed")
    })
    .await;
    for path in ["/deployments", &format!("/deployments/{}", agent.hash)] {
        page(&app, &browser, path).await;
    }
}

#[tokio::test]
async fn a_hostile_address_is_text() {
    let app = spawn_app().await;
    let (browser, stranger) = (app.signed_in().await, app.anonymous());
    for text in WAYS_OUT {
        let query = |name: &str| {
            let mut url = reqwest::Url::parse("http://x/").unwrap();
            url.query_pairs_mut().append_pair(name, text);
            url.query().unwrap().to_owned()
        };
        let path: String = text.bytes().map(|byte| format!("%{byte:02x}")).collect();
        for address in [
            format!("/?{}", query("search")),
            format!("/?{}", query("notice")),
            format!("/?{}", query("after")),
            format!("/hosts?{}", query("notice")),
            format!("/deployments?{}", query("host")),
            format!("/access?{}", query("notice")),
            format!("/projects/{path}"),
            format!("/deployments/{path}"),
            format!("/{path}"),
        ] {
            page(&app, &browser, &address).await;
        }
        for name in ["code", "next", "notice", "error", "state"] {
            page(&app, &stranger, &format!("/sign-in?{}", query(name))).await;
            page(&app, &stranger, &format!("/sign-in/callback?{}", query(name))).await;
        }
    }
}
