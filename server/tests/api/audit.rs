//! The audit log, over REST and on pages; and the name that must be typed before something is deleted.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    access::Program,
    helpers::{ApiClient, TestApp, form, spawn_app, spawn_with},
};

async fn lines(client: &ApiClient, query: &str) -> Vec<Value> {
    let answer = client.get_json(&format!("/api/v1/audit{query}")).await;
    answer["list"].as_array().unwrap().clone()
}

async fn page(app: &TestApp, browser: &reqwest::Client, path: &str) -> (StatusCode, String) {
    let answer = browser.get(app.url(path)).header("accept", "text/html").send().await.unwrap();
    (answer.status(), answer.text().await.unwrap())
}

#[tokio::test]
async fn who_did_what_from_where_is_told_to_whom_it_concerns() {
    let app = spawn_app().await;
    let (alice, root) = (app.client("alice").await, app.admin("root").await);
    let id = alice.create(&form("shop")).await;
    assert_eq!(alice.delete(&format!("/project/{id}")).send().await.unwrap().status(), 200);

    let deleted = &lines(&alice, "?action=project.deleted").await[0];
    assert_eq!(
        (&deleted["user_id"], &deleted["address"], &deleted["outcome"], &deleted["details"]["name"]),
        (&json!("alice"), &json!("127.0.0.1"), &json!("success"), &json!("shop"))
    );
    assert!(lines(&app.client("bob").await, "?action=project").await.is_empty());
    assert_eq!(&lines(&root, "?action=project&user=alice").await[0], deleted);
    let first = alice.get_json("/api/v1/audit?limit=1").await;
    let next = first["meta"]["next"].as_i64().unwrap();
    assert_eq!(first["list"][0], *deleted);
    let second = alice.get_json(&format!("/api/v1/audit?limit=1&after={next}")).await;
    assert_eq!(second["list"][0]["action"], "project.created");
    let next = second["meta"]["next"].as_i64().unwrap();
    let third = alice.get_json(&format!("/api/v1/audit?limit=1&after={next}")).await;
    assert_eq!((&third["list"][0]["action"], third.get("meta")), (&json!("token.created"), None));

    let wrong = alice.get("/api/v1/audit?outcome=good&from=soon&limit=1").send().await.unwrap();
    assert_eq!(wrong.status(), 400);
    let wrong: Value = wrong.json().await.unwrap();
    assert_eq!((&wrong["code"], &wrong["errors"][0]["field"]), (&json!("invalid-query"), &json!("outcome")));
    assert_eq!(wrong["errors"][1]["field"], "from");
}

#[tokio::test]
async fn what_a_program_does_and_what_it_may_not_says_which_program_it_was() {
    let app = spawn_app().await;
    let program = Program::of(&app, "alice", json!({"name": "ci"})).await;
    let host = program.signed(&app, Method::POST, "/api/v1/hosts", r#"{"name":"x"}"#).send().await.unwrap();
    assert_eq!(host.status(), 403);
    let unsigned = app.anonymous().get(app.url("/project")).header("stacker-id", program.id);
    assert_eq!(unsigned.header("stacker-hash", "00").send().await.unwrap().status(), 401);

    let alice = app.client("alice").await;
    let refused = lines(&alice, "?outcome=refused").await;
    let actions: Vec<&Value> = refused.iter().map(|line| &line["action"]).collect();
    assert_eq!(actions, ["client.refused", "access.refused"]);
    assert_eq!((&refused[1]["client_id"], &refused[1]["user_id"]), (&json!(program.id), &json!("alice")));
    assert_eq!(refused[1]["details"]["request"], "POST /api/v1/hosts");
    assert_eq!((&refused[0]["owner_id"], &refused[0]["address"]), (&json!("alice"), &json!("127.0.0.1")));
    // A refused read is not recorded, because it is no attempt to change anything.
    assert_eq!(alice.get("/health_check/metrics").send().await.unwrap().status(), 403);
    assert_eq!(lines(&alice, "?outcome=refused").await.len(), 2);
}

#[tokio::test]
async fn the_log_leaves_as_a_file_that_a_spreadsheet_can_open() {
    let app = spawn_app().await;
    let alice = app.client("alice").await;
    let named = alice.post("/client").json(&json!({"name": "=HYPERLINK(\"http://evil\")"}));
    assert_eq!(named.send().await.unwrap().status(), 200);

    let csv = alice.get("/api/v1/audit/export?action=client").send().await.unwrap();
    assert_eq!(csv.headers()["content-type"], "text/csv; charset=utf-8");
    assert!(csv.headers()["content-disposition"].to_str().unwrap().contains("audit-log.csv"));
    let csv = csv.text().await.unwrap();
    assert_eq!(csv.lines().count(), 2, "{csv}");
    assert!(csv.starts_with("id,at,user_id,") && !csv.contains(",="), "{csv}");
    let json: Value =
        alice.get("/api/v1/audit/export?format=json").send().await.unwrap().json().await.unwrap();
    assert_eq!(json.as_array().unwrap().len(), 2);
    for wrong in ["format=xls", "outcome=good", "limit=many"] {
        let refused = alice.get(&format!("/api/v1/audit/export?{wrong}")).send().await.unwrap();
        assert_eq!(refused.status(), 400, "{wrong}");
    }
}

#[tokio::test]
async fn a_sign_in_that_failed_and_one_that_did_not_are_in_the_log() {
    let app = spawn_app().await;
    let browser = app.signed_in().await;
    let guess = app.anonymous().post(app.url("/sign-in")).header("sec-fetch-site", "same-origin");
    guess.form(&[("code", "guess")]).send().await.unwrap();
    let out = browser.post(app.url("/sign-out")).header("sec-fetch-site", "same-origin");
    assert_eq!(out.send().await.unwrap().status(), 303);

    let root = app.admin("root").await;
    let seen = lines(&root, "?action=session").await;
    let actions: Vec<&Value> = seen.iter().map(|line| &line["action"]).collect();
    assert_eq!(actions[..3], ["session.ended", "session.refused", "session.started"]);
    assert!(actions[3..].iter().all(|action| **action == "session.link_created"), "{actions:?}");
    assert_eq!(seen[0]["user_id"], "local");
    assert!(seen[..3].iter().all(|line| line["address"] == "127.0.0.1"), "{seen:?}");
}

#[tokio::test]
async fn the_page_shows_lines_filters_them_and_keeps_the_filter_when_it_is_wrong() {
    let app = spawn_app().await;
    let browser = app.signed_in().await;
    let (status, all) = page(&app, &browser, "/audit").await;
    assert_eq!(status, StatusCode::OK);
    for part in ["Signed in", "127.0.0.1", " UTC", "kept for 90 days", "/audit/export?format=csv"] {
        assert!(all.contains(part), "{part} is not on the page");
    }
    let (_, some) = page(&app, &browser, "/audit?action=token&outcome=&user=&from=&to=&text=").await;
    assert!(some.contains("Nothing matches") && some.contains("/audit/export?action=token&amp;format=csv"));
    let (status, wrong) = page(&app, &browser, "/audit?from=soon&text=kept").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(wrong.contains("This filter cannot be used") && wrong.contains("value=\"kept\""));
    let (_, hostile) = page(&app, &browser, "/audit?text=%22%3E%3Cscript%3Ealert(1)%3C/script%3E").await;
    assert!(!hostile.contains("<script>alert(1)"));

    let file = browser.get(app.url("/audit/export?format=csv&action=session")).send().await.unwrap();
    assert_eq!(file.status(), StatusCode::OK);
    assert!(file.text().await.unwrap().contains("session.started"));
    let stranger = app.anonymous().get(app.url("/audit/export")).send().await.unwrap();
    assert_eq!(stranger.headers()["location"], "/sign-in");
}

#[tokio::test]
async fn a_name_that_is_given_must_be_the_right_one() {
    let app = spawn_app().await;
    let alice = app.client("alice").await;
    for (path, name) in things(&alice).await {
        let wrong = alice.delete(&format!("{path}?confirm_name=another")).send().await.unwrap();
        assert_eq!(wrong.status(), 400, "{path}");
        let wrong: Value = wrong.json().await.unwrap();
        assert_eq!(
            (&wrong["code"], &wrong["errors"][0]["field"]),
            (&json!("not-confirmed"), &json!("confirm_name")),
            "{path}"
        );
        let right = alice.delete(&format!("{path}?confirm_name={name}")).send().await.unwrap();
        assert_eq!(right.status(), 200, "{path}");
    }
    for (path, _) in things(&alice).await {
        assert_eq!(alice.delete(&path).send().await.unwrap().status(), 200, "{path} by an old client");
    }
}

#[tokio::test]
async fn with_the_setting_the_name_must_be_given() {
    let app = spawn_with(&[("STACKER__REQUIRE_CONFIRM_NAME", "true")]).await;
    let alice = app.client("alice").await;
    for (path, name) in things(&alice).await {
        let without = alice.delete(&path).send().await.unwrap();
        assert_eq!(without.status(), 400, "{path}");
        let without: Value = without.json().await.unwrap();
        assert_eq!(without["code"], "not-confirmed", "{path}");
        let with = alice.delete(&format!("{path}?confirm_name={name}")).send().await.unwrap();
        assert_eq!(with.status(), 200, "{path}");
    }
}

#[tokio::test]
async fn without_a_script_a_project_a_client_and_a_host_go_with_their_name_typed() {
    let app = spawn_app().await;
    let browser = app.signed_in().await;
    let local = app.services.tokens();
    let bearer = local
        .create(&stacker::local_operator::local_operator(), domain::api::CreateAccessToken::named("test"))
        .await
        .unwrap()
        .token
        .unwrap();
    let api =
        |method: Method, path: &str| app.anonymous().request(method, app.url(path)).bearer_auth(&bearer);
    let made = async |path: &str, body: Value| -> Value {
        api(Method::POST, path).json(&body).send().await.unwrap().json().await.unwrap()
    };
    let project = made("/project", form("shop")).await["item"]["id"].to_string();
    let client = made("/client", json!({"name": "billing"})).await["item"]["id"].to_string();
    let host = made("/api/v1/hosts", json!({"name": "attic"})).await;
    let host = host["item"]["host_id"].as_str().unwrap().to_owned();
    let post = async |path: &str, name: &str| {
        let request = browser.post(app.url(path)).header("sec-fetch-site", "same-origin");
        let answer = request.form(&[("confirm_name", name)]).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{path}");
        answer.headers()["location"].to_str().unwrap().to_owned()
    };
    for (path, name, page, notice) in [
        (format!("/projects/{project}/delete"), "shop", "/", "confirm-mismatch"),
        (format!("/clients/{client}/delete"), "billing", "/access", "confirm-mismatch"),
        (format!("/hosts/{host}/revoke"), "attic", "/hosts", "host-confirm-mismatch"),
    ] {
        assert_eq!(post(&path, "").await, format!("{page}?notice={notice}"));
        assert_eq!(post(&path, &name.to_uppercase()).await, format!("{page}?notice={notice}"));
        assert_eq!(post(&path, name).await, page);
    }
    assert_eq!(post(&format!("/clients/{client}/delete"), "x").await, "/access?notice=no-such-client");
}

/// Makes a project, a client with and one without a name, and a host. Returns the path to delete each, and its name.
async fn things(alice: &ApiClient) -> Vec<(String, String)> {
    let made = async |path: &str, body: Value| -> Value {
        let made: Value = alice.post(path).json(&body).send().await.unwrap().json().await.unwrap();
        made["item"].clone()
    };
    let project = alice.create(&form("shop")).await;
    let client = made("/client", json!({"name": "billing"})).await["id"].to_string();
    let nameless = made("/client", json!({})).await["id"].to_string();
    let host = made("/api/v1/hosts", json!({"name": "attic"})).await;
    vec![
        (format!("/project/{project}"), "shop".to_owned()),
        (format!("/client/{client}"), "billing".to_owned()),
        (format!("/client/{nameless}"), nameless),
        (format!("/api/v1/hosts/{}", host["host_id"].as_str().unwrap()), "attic".to_owned()),
    ]
}
