use serde_json::Value;

use crate::helpers::spawn_app;

/// The document must equal the reviewed snapshot. `INSTA_UPDATE=always cargo test -p server --test api openapi` accepts a change.
#[tokio::test]
async fn openapi_document_is_the_reviewed_one() {
    let app = spawn_app().await;

    let answer = app.anonymous().get(app.url("/openapi.json")).send().await.unwrap();
    let mut document: Value = answer.json().await.unwrap();

    assert_eq!(document["openapi"].as_str().map(|version| &version[..3]), Some("3.1"));
    // A release changes only the version, so the version is left out.
    document["info"]["version"] = "[version]".into();
    insta::assert_json_snapshot!("openapi", document);
}

/// Client generators stop at the first reference that cannot be resolved.
#[tokio::test]
async fn openapi_references_lead_somewhere() {
    fn references<'a>(node: &'a Value, found: &mut Vec<&'a str>) {
        match node {
            Value::Object(entries) => {
                found.extend(entries.get("$ref").and_then(Value::as_str));
                entries.values().for_each(|entry| references(entry, found));
            }
            Value::Array(items) => items.iter().for_each(|item| references(item, found)),
            _ => {}
        }
    }
    let app = spawn_app().await;
    let document: Value =
        app.anonymous().get(app.url("/openapi.json")).send().await.unwrap().json().await.unwrap();
    let mut found = Vec::new();
    references(&document, &mut found);
    assert!(found.len() > 100, "{}", found.len());
    for reference in found {
        let place = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(place).is_some(), "{reference}");
    }
}

#[tokio::test]
async fn openapi_pages_need_nothing_from_outside() {
    let app = spawn_app().await;

    let page = app.anonymous().get(app.url("/docs/")).send().await.unwrap();
    assert_eq!(page.status(), 200);
    let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("script-src 'self'"), "{policy}");
    let html = page.text().await.unwrap();
    assert!(!html.contains("//unpkg.com") && !html.contains("//cdn."), "{html}");

    let initializer = app
        .anonymous()
        .get(app.url("/docs/swagger-initializer.js"))
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(initializer.contains("/openapi.json"), "{initializer}");
    assert_eq!(app.anonymous().get(app.url("/docs/nothing.js")).send().await.unwrap().status(), 404);
}
