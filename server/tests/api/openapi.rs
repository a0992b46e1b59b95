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
async fn the_page_of_the_api_shows_every_operation_and_needs_no_script() {
    let app = spawn_app().await;
    let document: Value =
        app.anonymous().get(app.url("/openapi.json")).send().await.unwrap().json().await.unwrap();

    let page =
        app.anonymous().get(app.url("/docs")).header("cookie", "stacker-theme=dark").send().await.unwrap();

    assert_eq!(page.status(), 200);
    let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("script-src"), "{policy}");
    let html = page.text().await.unwrap();
    assert!(html.contains("data-theme=\"dark\""), "{}", &html[..300]);
    for forbidden in ["<script", "=\"http", "style=", "`"] {
        let around =
            |at: usize| html[..at].chars().rev().take(200).collect::<Vec<_>>().into_iter().rev().collect();
        let found: Option<String> = html.find(forbidden).map(around);
        assert_eq!(found, None, "{forbidden}");
    }
    let operations =
        document["paths"].as_object().unwrap().values().flat_map(|path| path.as_object().unwrap().values());
    let ids: Vec<_> = operations.map(|operation| operation["operationId"].as_str().unwrap()).collect();
    assert!(ids.len() > 50, "{}", ids.len());
    let schemas = document["components"]["schemas"].as_object().unwrap().keys();
    for id in ids.into_iter().map(str::to_owned).chain(schemas.map(|name| format!("schema-{name}"))) {
        assert_eq!(html.matches(&format!("id=\"{id}\"")).count(), 1, "{id}");
    }
    for link in html.split("href=\"#").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(html.contains(&format!("id=\"{link}\"")), "#{link} leads nowhere");
    }
}

#[tokio::test]
async fn every_code_has_a_page_that_needs_no_script() {
    let app = spawn_app().await;
    let stranger = app.anonymous();
    let read = |path: String| stranger.get(app.url(&path)).header("cookie", "stacker-theme=dark").send();

    let list = read("/docs/rules".to_owned()).await.unwrap().text().await.unwrap();
    for code in domain::check::codes() {
        assert!(list.contains(&format!("href=\"/docs/rules/{}\"", code.name)), "{}", code.name);
        let page = read(format!("/docs/rules/{}", code.name)).await.unwrap();
        assert_eq!(page.status(), 200, "{}", code.name);
        let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
        assert!(policy.starts_with("default-src 'none'"), "{policy}");
        let html = page.text().await.unwrap();
        assert!(
            html.contains("data-theme=\"dark\"") && !html.contains("<script") && !html.contains('`'),
            "{html}"
        );
    }
    for unknown in ["/docs/rules/nothing", "/docs/rules/%3Cscript%3E", "/docs/rules/a%2Fb"] {
        assert_eq!(read(unknown.to_owned()).await.unwrap().status(), 404, "{unknown}");
    }
}
