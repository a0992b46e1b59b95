use crate::helpers::{TestApp, form, spawn_app, spawn_with, spawn_with_site};
use reqwest::{Method, Response, header::HeaderMap};

#[tokio::test]
async fn every_answer_tells_the_browser_what_not_to_do() {
    let app = spawn_app().await;

    for path in
        ["/sign-in", "/health_check", "/project", "/nowhere", "/openapi.json", "/docs/", "/pkg/nothing.js"]
    {
        let answer = app.anonymous().get(app.url(path)).send().await.unwrap();
        let headers = answer.headers();
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(headers["referrer-policy"], "same-origin", "{path}");
        assert!(headers.contains_key("permissions-policy"), "{path}");
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(
            policy.contains("frame-ancestors 'none'") && policy.contains("base-uri 'none'"),
            "{path}: {policy}"
        );
        assert!(!policy.contains("'unsafe-eval'"), "{path}: {policy}");
        assert!(!headers.contains_key("strict-transport-security"), "{path} is plain http");
    }
}

#[tokio::test]
async fn scripts_of_a_page_carry_the_nonce_its_header_names() {
    let app = spawn_app().await;

    let mut nonces = Vec::new();
    for _ in 0..2 {
        let page =
            app.anonymous().get(app.url("/sign-in")).header("accept", "text/html").send().await.unwrap();
        let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
        let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap().to_owned();
        assert!(policy.contains("'strict-dynamic'") && policy.contains("'wasm-unsafe-eval'"), "{policy}");
        let html = page.text().await.unwrap();
        for script in html.split("<script").skip(1) {
            let tag = script.split('>').next().unwrap();
            assert!(tag.contains(&format!("nonce=\"{nonce}\"")), "<script{tag}>");
        }
        nonces.push(nonce);
    }
    assert_ne!(nonces[0], nonces[1]);
}

#[tokio::test]
async fn what_is_private_is_not_kept_by_caches() {
    let app = spawn_app().await;
    let client = app.client("alice").await;

    let list = client.get("/project").send().await.unwrap();
    assert_eq!(list.headers()["cache-control"], "no-store");
    let page = app.anonymous().get(app.url("/sign-in")).send().await.unwrap();
    assert_eq!(page.headers()["cache-control"], "no-store");
}

/// Checks the headers that every response has.
fn assert_guarded(what: &str, headers: &HeaderMap) {
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
    ] {
        assert_eq!(headers.get(name).map(|value| value.to_str().unwrap()), Some(value), "{what}: {name}");
    }
    let permissions =
        headers.get("permissions-policy").unwrap_or_else(|| panic!("{what}: no permissions-policy"));
    for part in ["camera=()", "geolocation=()", "microphone=()"] {
        assert!(permissions.to_str().unwrap().contains(part), "{what}: {permissions:?}");
    }
    let policies: Vec<_> = headers.get_all("content-security-policy").iter().collect();
    assert_eq!(policies.len(), 1, "{what}: {policies:?}");
    let policy = policies[0].to_str().unwrap();
    for part in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"] {
        assert!(policy.contains(part), "{what}: {policy}");
    }
    assert!(headers.contains_key("cache-control"), "{what}");
    assert!(headers.contains_key("x-request-id"), "{what}");
}

async fn answers_of_every_kind(app: &TestApp) -> Vec<(&'static str, u16, Response)> {
    let (stranger, browser) = (app.anonymous(), app.signed_in().await);
    let (alice, operator) = (app.client("alice").await, app.client("local").await);
    let hash = app.deployment_of("local").await;
    let url = |path: &str| app.url(path);
    let own = ("sec-fetch-site", "same-origin");
    let requests = vec![
        ("a page", 200, browser.get(url("/")).header("accept", "text/html")),
        ("a redirect to the sign-in page", 303, stranger.get(url("/")).header("accept", "text/html")),
        (
            "a form that was done",
            303,
            browser.post(url("/projects/1/rename")).header(own.0, own.1).form(&[("name", "x")]),
        ),
        ("a page that is not there", 404, browser.get(url("/nowhere")).header("accept", "text/html")),
        ("nothing there, for a program", 404, stranger.get(url("/nowhere"))),
        ("REST", 200, alice.get("/project")),
        ("nobody", 401, stranger.get(url("/project"))),
        ("not allowed", 403, alice.get("/health_check/metrics")),
        ("not found", 404, alice.get("/project/2147483647")),
        ("a wrong method", 405, stranger.delete(url("/health_check"))),
        ("a wrong method of a page", 405, stranger.delete(url("/sign-in"))),
        ("no JSON", 400, alice.post("/project").header("content-type", "application/json").body("{")),
        ("a wrong media type", 415, alice.post("/project").header("content-type", "text/plain").body("x")),
        (
            "too much",
            413,
            alice.post("/api/v1/tokens").header("content-type", "application/json").body("x".repeat(100_000)),
        ),
        ("made", 200, alice.post("/project").json(&form("x"))),
        ("another site", 403, browser.post(url("/rpc/projects/list")).header("sec-fetch-site", "cross-site")),
        (
            "a function",
            200,
            browser.post(url("/rpc/projects/list")).header(own.0, own.1).form(&[("search", "x")]),
        ),
        (
            "a function that wants a session",
            401,
            stranger.post(url("/rpc/projects/list")).header(own.0, own.1).form(&[("search", "x")]),
        ),
        ("a function that is gone", 410, stranger.post(url("/rpc/nothing")).header(own.0, own.1)),
        ("health", 200, stranger.get(url("/health_check"))),
        ("health, the head of it", 200, stranger.head(url("/health_check"))),
        ("the document", 200, stranger.get(url("/openapi.json"))),
        ("the page of the API", 200, stranger.get(url("/docs"))),
        ("a file of the build", 200, stranger.get(url("/pkg/stacker.abc.js"))),
        ("a public file", 200, stranger.get(url("/robots.txt"))),
        ("a public file, a wrong method", 405, stranger.delete(url("/robots.txt"))),
        ("a file that is not there", 404, stranger.get(url("/pkg/nothing.js"))),
        ("the legacy icon", 308, stranger.get(url("/favicon.ico"))),
        ("events for pages", 200, browser.get(url(&format!("/deployments/{hash}/events")))),
        ("events of a project", 200, browser.get(url("/projects/1/events"))),
        ("events over REST", 200, operator.get(&format!("/api/v1/deployments/{hash}/events"))),
        ("asking before asking", 405, stranger.request(Method::OPTIONS, url("/project"))),
        ("a path that is no text", 404, stranger.get(url("/%ff%fe"))),
        ("a query that is no text", 400, alice.get("/project?limit=%ff")),
    ];
    let mut answers = Vec::new();
    for (what, status, request) in requests {
        answers.push((what, status, request.send().await.unwrap()));
    }
    answers
}

#[tokio::test]
async fn no_answer_of_any_kind_lacks_them() {
    let app = spawn_with_site(&[("pkg/stacker.abc.js", "x"), ("robots.txt", "x")]).await;
    for (what, status, answer) in answers_of_every_kind(&app).await {
        assert_eq!(answer.status().as_u16(), status, "{what}");
        assert_guarded(what, answer.headers());
        assert!(!answer.headers().contains_key("strict-transport-security"), "{what} is plain http");
    }
}

#[tokio::test]
async fn over_https_browsers_are_told_to_stay_there() {
    let app = spawn_with(&[("STACKER__PUBLIC_URL", "https://stacker.example")]).await;
    let get = |path: &str| app.anonymous().get(app.url(path));
    let requests = [
        get("/sign-in").header("accept", "text/html"),
        get("/"),
        get("/nowhere"),
        get("/project"),
        get("/health_check"),
        get("/pkg/nothing.js"),
        app.anonymous().delete(app.url("/health_check")),
        app.anonymous().post(app.url("/rpc/projects/list")),
    ];
    for request in requests {
        let answer = request.send().await.unwrap();
        let what = answer.url().path().to_owned();
        assert_guarded(&what, answer.headers());
        assert_eq!(answer.headers()["strict-transport-security"], "max-age=31536000", "{what}");
    }
}
