//! Limits on what one account can store, and what the server says when a limit is reached, over REST and on the page.

use reqwest::{RequestBuilder, StatusCode};
use serde_json::{Value, json};

use crate::helpers::{form, spawn_with};

const COMPOSE: &str = "services:\n  web:\n    image: nginx:1.27\n";

async fn refused(request: RequestBuilder, key: &str) -> String {
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    let body: Value = answer.json().await.unwrap();
    assert_eq!(
        (&body["code"], &body["errors"][0]["field"]),
        (&json!("limit-reached"), &json!(key)),
        "{body}"
    );
    body["message"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn projects_and_hosts_are_counted_by_account() {
    let app =
        spawn_with(&[("STACKER__LIMITS__MAX_PROJECTS", "2"), ("STACKER__LIMITS__MAX_HOSTS", "1")]).await;
    let ada = app.client("ada").await;
    let first = ada.import("one", COMPOSE).await;
    ada.create(&form("two")).await;
    let imported = json!({"name": "three", "compose": COMPOSE});
    let message = refused(ada.post("/project/import").json(&imported), "limits.max_projects").await;
    assert!(message.starts_with("you have 2 of 2 projects: delete one"), "{message}");
    refused(ada.post("/project").json(&form("three")), "limits.max_projects").await;
    let renamed = json!({"compose": "services:\n  web:\n    image: nginx:1.28\n"});
    let saved = ada.put(&format!("/project/{first}/compose")).json(&renamed).send().await.unwrap();
    assert_eq!(saved.status(), 200, "what is there can be changed");
    assert_eq!(ada.delete(&format!("/project/{first}")).send().await.unwrap().status(), 200);
    ada.import("three", COMPOSE).await;

    let host = || ada.post("/api/v1/hosts").json(&json!({"name": "attic"}));
    assert_eq!(host().send().await.unwrap().status(), 201);
    let message = refused(host(), "limits.max_hosts").await;
    assert!(message.starts_with("you have 1 of 1 hosts"), "{message}");
    let bob = app.client("bob").await;
    bob.import("his", COMPOSE).await;
}

#[tokio::test]
async fn the_stored_size_is_limited_and_less_than_before_is_always_taken() {
    let app = spawn_with(&[("STACKER__LIMITS__MAX_STORED_BYTES", "20000")]).await;
    let ada = app.client("ada").await;
    let long = |length: usize| format!("# {}\n{COMPOSE}", "x".repeat(length));
    let id = ada.import("one", &long(15_000)).await;
    let another = json!({"name": "two", "compose": long(6_000)});
    let message = refused(ada.post("/project/import").json(&another), "limits.max_stored_bytes").await;
    assert!(message.contains("your projects use 1") && message.contains("of 20000 bytes"), "{message}");
    let save =
        |length: usize| ada.put(&format!("/project/{id}/compose")).json(&json!({"compose": long(length)}));
    refused(save(25_000), "limits.max_stored_bytes").await;
    assert_eq!(save(14_999).send().await.unwrap().status(), 200);
    assert_eq!(save(100).send().await.unwrap().status(), 200);
    ada.import("two", &long(6_000)).await;
}

#[tokio::test]
async fn pages_show_how_much_is_used_and_a_form_says_what_to_do() {
    let app = spawn_with(&[
        ("STACKER__LIMITS__MAX_PROJECTS", "1"),
        ("STACKER__LIMITS__MAX_HOSTS", "3"),
        ("STACKER__LIMITS__MAX_DEPLOYMENTS", "4"),
        ("STACKER__LIMITS__MAX_STORED_BYTES", "1048576"),
    ])
    .await;
    let browser = app.signed_in().await;
    let create = || {
        let form = reqwest::multipart::Form::new()
            .text("name", "Shop")
            .text("app", "wordpress")
            .text("app", "mariadb");
        browser.post(app.url("/projects")).header("sec-fetch-site", "same-origin").multipart(form).send()
    };
    let page = async |path: &str| {
        let page = browser.get(app.url(path)).header("accept", "text/html").send().await.unwrap();
        page.text().await.unwrap()
    };
    let made = create().await.unwrap();
    assert!(made.headers()["location"].to_str().unwrap().starts_with("/projects/"));
    let projects = page("/").await;
    assert!(projects.contains("account-usage") && projects.contains("1 of 1"), "{projects}");
    assert!(projects.contains("of 1 MiB"), "{projects}");
    assert!(page("/hosts").await.contains("0 of 3"));
    assert!(page("/deployments").await.contains("0 of 4"));

    assert_eq!(create().await.unwrap().headers()["location"], "/?notice=limit-reached");
    assert!(page("/?notice=limit-reached").await.contains("The limit is reached"));
    assert!(page("/").await.contains("1 of 1"), "nothing was left behind");
}

#[tokio::test]
async fn without_limits_pages_show_none() {
    let app = crate::helpers::spawn_app().await;
    let browser = app.signed_in().await;
    for path in ["/", "/hosts", "/deployments"] {
        let page = browser.get(app.url(path)).header("accept", "text/html").send().await.unwrap();
        assert!(!page.text().await.unwrap().contains("account-usage"));
    }
}
