use serde_json::{Value, json};

use crate::helpers::spawn_app;

const COMPOSE: &str =
    "# the shop\nservices:\n  web:\n    image: nginx:1.27   # pinned\n    ports:\n      - \"8080:80\"\n";

#[tokio::test]
async fn an_imported_file_comes_back_byte_for_byte() {
    let app = spawn_app().await;
    let client = app.client("alice").await;

    let answer = client
        .post("/project/import")
        .json(&json!({"name": "Shop", "compose": COMPOSE}))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body["item"]["name"], "Shop");
    assert!(body["meta"]["findings"].is_array(), "{body}");

    let id = body["item"]["id"].as_i64().unwrap();
    assert_eq!(client.get_json(&format!("/project/{id}/compose")).await["item"], COMPOSE);
}

#[tokio::test]
async fn an_edit_changes_the_line_it_is_about() {
    let app = spawn_app().await;
    let client = app.client("alice").await;
    let id = client.import("Shop", COMPOSE).await;

    let edits = json!({"edits": [{"op": "set_image", "service": "web", "image": "nginx:1.28"}]});
    let answer = client.post(&format!("/project/{id}/edits")).json(&edits).send().await.unwrap();

    assert_eq!(answer.status(), 200);
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body["item"], COMPOSE.replace("1.27", "1.28"));
    assert_eq!(body["meta"]["version"], 2);
}

#[tokio::test]
async fn edits_are_all_done_or_none() {
    let app = spawn_app().await;
    let client = app.client("alice").await;
    let id = client.import("Shop", COMPOSE).await;

    let edits = json!({"edits": [
        {"op": "set_image", "service": "web", "image": "nginx:1.28"},
        {"op": "set_image", "service": "nobody", "image": "nginx:1.28"},
    ]});
    let answer = client.post(&format!("/project/{id}/edits")).json(&edits).send().await.unwrap();

    assert_eq!(answer.status(), 422);
    let body: Value = answer.json().await.unwrap();
    assert!(body["code"].is_string() && body["message"].is_string(), "{body}");
    assert_eq!(client.get_json(&format!("/project/{id}/compose")).await["item"], COMPOSE);
}

#[tokio::test]
async fn an_edit_that_can_mean_two_things_is_refused_with_the_edits_to_choose_from() {
    let app = spawn_app().await;
    let client = app.client("alice").await;
    let compose = "services:\n  web:\n    image: nginx:1.27\n    environment:\n      URL: http://api:8080\n      CACHE: api\n  api:\n    image: httpd:2.4\n";
    let id = client.import("Shop", compose).await;
    let edits = format!("/project/{id}/edits");

    let rename = json!({"edits": [{"op": "rename_service", "service": "api", "to": "backend"}]});
    let answer = client.post(&edits).json(&rename).send().await.unwrap();

    assert_eq!(answer.status(), 422);
    let body: Value = answer.json().await.unwrap();
    assert_eq!((&body["code"], &body["line"]), (&json!("uncertain-references"), &json!(6)));
    assert_eq!(body["question"]["places"][0]["path"], json!(["services", "web", "environment", "CACHE"]));
    let leave = &body["question"]["choices"][1];
    assert_eq!(leave["label"], "Leave them");
    let answer = client.post(&edits).json(&json!({"edits": leave["edits"]})).send().await.unwrap();
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body["item"], compose.replace("//api", "//backend").replace("  api:", "  backend:"));
}

#[tokio::test]
async fn text_that_is_no_yaml_is_refused_with_its_place_and_nothing_is_stored() {
    let app = spawn_app().await;
    let client = app.client("alice").await;
    let id = client.import("Shop", COMPOSE).await;

    let broken = json!({"compose": "services:\n  web: [\n"});
    let answer = client.put(&format!("/project/{id}/compose")).json(&broken).send().await.unwrap();

    assert_eq!(answer.status(), 400);
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body["code"], "unreadable-compose");
    assert!(body["line"].as_u64().is_some_and(|line| line >= 1), "{body}");
    assert_eq!(client.get_json(&format!("/project/{id}/compose")).await["item"], COMPOSE);
}

#[tokio::test]
async fn replacing_the_text_answers_what_the_rules_say() {
    let app = spawn_app().await;
    let client = app.client("alice").await;
    let id = client.import("Shop", COMPOSE).await;

    let text = "services:\n  web:\n    image: nginx:1.27\n    depends_on: [nobody]\n";
    let answer = client
        .put(&format!("/project/{id}/compose"))
        .json(&json!({"version": 1, "compose": text}))
        .send()
        .await
        .unwrap();

    assert_eq!(answer.status(), 200);
    let body: Value = answer.json().await.unwrap();
    assert_eq!((&body["item"], &body["id"]), (&json!(text), &json!(id)));
    assert!(!body["meta"]["findings"].as_array().unwrap().is_empty(), "{body}");
}

#[tokio::test]
async fn a_file_can_be_checked_without_being_kept() {
    let app = spawn_app().await;
    let client = app.client("alice").await;

    let text = "services:\n  web:\n    image: nginx\n    depends_on: [nobody]\n";
    let answer = client.post("/check").json(&json!({"compose": text})).send().await.unwrap();

    assert_eq!(answer.status(), 200);
    let body: Value = answer.json().await.unwrap();
    let finding = &body["list"][0];
    assert!(finding["code"].is_string() && finding["position"]["line"].is_u64(), "{body}");
    assert!(client.get_json("/project").await["list"].as_array().unwrap().is_empty());
}

#[tokio::test]
async fn what_is_reported_can_be_chosen_and_what_is_switched_off_is_listed() {
    let app = spawn_app().await;
    let client = app.client("alice").await;
    let text = "services:\n  web:\n    image: nginx # stacker: ignore image-unpinned: tested daily\n";
    let check = |checks: Value| client.post("/check").json(&json!({"compose": text, "checks": checks}));

    let body: Value = check(Value::Null).send().await.unwrap().json().await.unwrap();
    assert_eq!(body["list"], json!([]));
    let suppressed = &body["meta"]["suppressed"][0];
    assert_eq!(suppressed["finding"]["code"], "image-unpinned");
    assert_eq!(
        (&suppressed["reason"], &suppressed["by"]["comment"]["line"]),
        (&json!("tested daily"), &json!(3))
    );

    let body: Value = check(json!({"profile": "strict"})).send().await.unwrap().json().await.unwrap();
    assert!(
        body["list"].as_array().unwrap().iter().any(|finding| finding["code"] == "restart-missing"),
        "{body}"
    );

    let wrong =
        check(json!({"rules": {"image-unpined": "off", "port-invalid": "off"}})).send().await.unwrap();
    assert_eq!(wrong.status(), 400);
    let body: Value = wrong.json().await.unwrap();
    assert_eq!(body["errors"][0]["field"], "checks.rules.image-unpined", "{body}");
    assert_eq!(body["errors"][1]["field"], "checks.rules.port-invalid", "{body}");
    let nonsense = check(json!({"rules": {"image-latest": "quiet"}})).send().await.unwrap();
    assert_eq!(nonsense.status(), 400);
}

#[tokio::test]
async fn a_project_keeps_what_it_wants_to_be_told() {
    let app = spawn_app().await;
    let client = app.client("alice").await;
    let id = client.import("Shop", "services:\n  web:\n    image: nginx\n").await;
    let set = |checks: Value| {
        client
            .post(&format!("/project/{id}/edits"))
            .json(&json!({"edits": [{"op": "set_checks", "checks": checks}]}))
    };

    let refused = set(json!({"rules": {"no-such-code": "off"}})).send().await.unwrap();
    assert_eq!(refused.status(), 400);
    let body: Value =
        set(json!({"rules": {"image-unpinned": "off"}})).send().await.unwrap().json().await.unwrap();
    assert_eq!(body["meta"]["findings"], json!([]), "{body}");

    let text = "services:\n  web:\n    image: nginx\n  api:\n    image: nginx:latest\n";
    let put = client.put(&format!("/project/{id}/compose")).json(&json!({"version": 2, "compose": text}));
    let body: Value = put.send().await.unwrap().json().await.unwrap();
    let codes: Vec<&str> = body["meta"]["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["code"].as_str().unwrap())
        .collect();
    assert_eq!(codes, ["image-latest"]);
}
