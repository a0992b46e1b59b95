use crate::helpers::spawn_app;

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
