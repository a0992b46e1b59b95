use reqwest::{
    Method, Response,
    header::{ALLOW, CONTENT_TYPE},
};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::helpers::{form, spawn_app, spawn_without_rate_limits};

#[tokio::test]
async fn malformed_json_is_answered_with_line_and_column() {
    let app = spawn_app().await;
    let client = app.client("alice").await;

    let answer = client
        .post("/project")
        .header(CONTENT_TYPE, "application/json")
        .body("{\n  \"custom\": oops\n}")
        .send()
        .await
        .unwrap();

    assert_eq!(answer.status(), 400);
    assert_eq!(answer.headers()[CONTENT_TYPE], "application/json");
    let body: Value = answer.json().await.unwrap();
    assert_eq!(
        (body["code"].as_str(), body["line"].as_u64(), body["column"].as_u64()),
        (Some("malformed-json"), Some(2), Some(13))
    );
}

#[tokio::test]
async fn a_form_that_breaks_its_rules_says_which_fields() {
    let app = spawn_app().await;
    let client = app.client("alice").await;
    let mut bad = form("one");
    bad["custom"]["web"][0]["restart"] = "sometimes".into();

    let answer = client.post("/project").json(&bad).send().await.unwrap();

    assert_eq!(answer.status(), 400);
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body["errors"][0]["field"], "custom.web[0].restart", "{body}");
}

#[tokio::test]
async fn an_unknown_path_and_a_path_that_is_no_number_are_not_found() {
    let app = spawn_app().await;
    let client = app.client("alice").await;

    for path in ["/nowhere", "/project/abc", "/project/99999999999", "/project/"] {
        let answer = client.get(path).send().await.unwrap();
        assert_eq!(answer.status(), 404, "{path}");
        assert_eq!(answer.json::<Value>().await.unwrap()["code"], "not-found", "{path}");
    }
}

#[tokio::test]
async fn a_wrong_method_is_told_the_right_ones() {
    let app = spawn_app().await;
    let client = app.client("alice").await;

    let answer = client.delete("/project").send().await.unwrap();

    assert_eq!(answer.status(), 405);
    let allowed = answer.headers()[ALLOW].to_str().unwrap().to_owned();
    assert!(allowed.contains("GET") && allowed.contains("POST"), "{allowed}");
    assert_eq!(answer.json::<Value>().await.unwrap()["code"], "method-not-allowed");
}

#[tokio::test]
async fn a_body_of_the_wrong_type_is_refused() {
    let app = spawn_app().await;
    let client = app.client("alice").await;

    let answer = client.post("/project").header(CONTENT_TYPE, "text/plain").body("{}").send().await.unwrap();

    assert_eq!(answer.status(), 415);
    assert_eq!(answer.json::<Value>().await.unwrap()["code"], "unsupported-media-type");
}

#[tokio::test]
async fn a_length_over_the_limit_is_refused_before_the_body_is_sent() {
    let app = spawn_app().await;
    let bearer = app.client("alice").await.bearer().to_owned();

    let mut stream = tokio::net::TcpStream::connect(&app.address).await.unwrap();
    let head = format!(
        "POST /project HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {bearer}\r\ncontent-type: application/json\r\ncontent-length: 9000000\r\n\r\n",
        app.address
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = vec![0; 12];
    stream.read_exact(&mut answer).await.unwrap();

    assert_eq!(String::from_utf8_lossy(&answer), "HTTP/1.1 413");
}

#[tokio::test]
async fn a_body_without_a_length_is_cut_off_at_the_limit() {
    let app = spawn_app().await;
    let client = app.client("alice").await;

    let chunked = reqwest::Body::wrap_stream(futures::stream::iter(
        (0..3).map(|_| Ok::<_, std::io::Error>(vec![b' '; 1024 * 1024])),
    ));
    let answer =
        client.post("/project").header(CONTENT_TYPE, "application/json").body(chunked).send().await.unwrap();

    assert_eq!(answer.status(), 413);
    assert_eq!(answer.json::<Value>().await.unwrap()["code"], "body-too-large");
}

#[tokio::test]
async fn a_query_that_cannot_be_read_is_a_bad_request() {
    let app = spawn_app().await;
    let client = app.client("alice").await;

    let answer = client.get("/project?limit=many").send().await.unwrap();

    assert_eq!(answer.status(), 400);
    assert_eq!(answer.json::<Value>().await.unwrap()["code"], "invalid-query");
}

#[tokio::test]
async fn every_answer_names_its_request() {
    let app = spawn_app().await;

    let made = app.anonymous().get(app.url("/health_check")).send().await.unwrap();
    assert!(!made.headers()["x-request-id"].is_empty());
    let given =
        app.anonymous().get(app.url("/nowhere")).header("x-request-id", "abc-1").send().await.unwrap();
    assert_eq!(given.headers()["x-request-id"], "abc-1");
}

#[tokio::test]
async fn the_character_nul_is_rejected_wherever_it_comes_in() {
    let app = spawn_without_rate_limits().await;
    let admin = app.admin("root").await;
    let document: Value = admin.get("/openapi.json").send().await.unwrap().json().await.unwrap();
    let mut with_body = 0;
    for (method, path) in app.rest_routes().await {
        let route = &document["paths"][&path][method.to_lowercase()];
        // What agents report is cleaned instead.
        let is_read = route.get("requestBody").is_some() && route["tags"] != json!(["agents"]);
        let method: Method = method.parse().unwrap();
        let query =
            admin.request(method.clone(), &format!("{}?search=a%00", filled(&path))).send().await.unwrap();
        assert_eq!(code(query).await, (400, "invalid-query".to_owned()), "{method} {path}");
        if path.contains('{') {
            let named = admin.request(method.clone(), &path.replace(['{', '}'], "%00")).send().await.unwrap();
            assert_eq!(code(named).await, (404, "not-found".to_owned()), "{method} {path}");
        }
        if !is_read {
            continue;
        }
        let mut body = app.valid_body(&path, method.as_str());
        body["nul"] = "a\0".into();
        let sent = admin.request(method.clone(), &filled(&path)).header("if-match", "\"1\"").json(&body);
        assert_eq!(
            code(sent.send().await.unwrap()).await,
            (400, "invalid-body".to_owned()),
            "{method} {path}"
        );
        with_body += 1;
    }
    assert!(with_body >= 15, "{with_body} routes with a body");

    let browser = app.signed_in().await;
    let function = browser.post(app.url("/rpc/projects/list")).header("sec-fetch-site", "same-origin");
    assert_eq!(code(function.form(&[("search", "a\0")]).send().await.unwrap()).await.0, 400);
    for page in ["/projects/1?tab=%00", "/deployments/%00", "/join?code=%00"] {
        assert!(browser.get(app.url(page)).send().await.unwrap().status().is_client_error(), "{page}");
    }
    let form = browser.post(app.url("/projects/1/delete")).header("sec-fetch-site", "same-origin");
    assert_eq!(code(form.form(&[("confirm", "a\0")]).send().await.unwrap()).await.0, 400);
}

/// The path with an id that nothing has; hosts have UUIDs.
fn filled(path: &str) -> String {
    let id = if path.contains("/hosts/") || path.contains("/callbacks/") {
        "0195f0a0-0000-7000-8000-000000000000"
    } else {
        "1"
    };
    let names = path.split('/').map(|part| if part.starts_with('{') { id } else { part });
    names.collect::<Vec<_>>().join("/")
}

async fn code(response: Response) -> (u16, String) {
    let status = response.status().as_u16();
    let body: Value = response.json().await.unwrap_or_default();
    (status, body["code"].as_str().unwrap_or_default().to_owned())
}
