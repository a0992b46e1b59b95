//! Ratings as existing clients know them, and on their page: two users and a stranger, hostile comments.

use std::collections::BTreeSet;

use reqwest::{Client, RequestBuilder, StatusCode};
use serde_json::{Value, json};

use crate::helpers::{TestApp, spawn_app};

const README: &str = include_str!("../../../README.md");

async fn told(request: RequestBuilder) -> (u16, Value) {
    let answer = request.send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "application/json");
    (answer.status().as_u16(), answer.json().await.unwrap())
}

fn body(category: &str, comment: &str) -> Value {
    json!({"obj_id": 1, "category": category, "rate": 10, "comment": comment})
}

#[tokio::test]
async fn the_example_of_the_readme_works() {
    let app = spawn_app().await;
    let example = README.split("http://localhost:8000/rating' -d '").nth(1).unwrap();
    let sent: Value = serde_json::from_str(example.split('\'').next().unwrap()).unwrap();
    let ada = app.client("ada").await;
    let (status, made) = told(ada.post("/rating").json(&sent)).await;
    assert_eq!((status, &made["message"]), (200, &json!("success")));
    let item = made["item"].as_object().unwrap();
    let keys: BTreeSet<&str> = item.keys().map(String::as_str).collect();
    let expected = ["category", "comment", "created_at", "id", "obj_id", "rate", "updated_at", "user_id"];
    assert_eq!(keys, BTreeSet::from(expected));
    assert_eq!((&item["category"], &item["rate"]), (&json!("Application"), &json!(10)));
    assert!(!item["created_at"].as_str().unwrap().starts_with("1970"));

    let (status, again) = told(ada.post("/rating").json(&body("Application", "x"))).await;
    assert_eq!(
        (status, &again["message"], &again["code"]),
        (400, &json!("already rated"), &json!("already-rated"))
    );
    let stranger = app.anonymous();
    let (status, listed) = told(stranger.get(app.url("/rating?category=application&obj_id=1"))).await;
    assert_eq!((status, &listed["message"]), (200, &json!("OK")));
    let keys: BTreeSet<&str> = listed["list"][0].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, BTreeSet::from(["category", "comment", "id", "obj_id", "rate", "user_id"]));
    let (_, summary) = told(stranger.get(app.url("/rating/summary?obj_id=1"))).await;
    assert_eq!(summary["item"]["distribution"], json!([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]));
    assert_eq!(summary["item"]["average"], json!(5.83));
}

#[tokio::test]
async fn both_spellings_of_a_category_are_one_category() {
    let app = spawn_app().await;
    let ada = app.client("ada").await;
    for (first, second) in [("DeploymentSpeed", "deploymentSpeed"), ("techsupport", "TechSupport")] {
        assert_eq!(told(ada.post("/rating").json(&body(first, "x"))).await.0, 200, "{first}");
        assert_eq!(told(ada.post("/rating").json(&body(second, "x"))).await.0, 400, "{second}");
    }
}

#[tokio::test]
async fn what_is_wrong_is_named() {
    let app = spawn_app().await;
    let ada = app.client("ada").await;
    let long = "x".repeat(1001);
    let wrong = json!({"obj_id": 1, "category": "price", "rate": 11, "comment": long});
    let (status, told_wrong) = told(ada.post("/rating").json(&wrong)).await;
    let fields: Vec<&Value> =
        told_wrong["errors"].as_array().unwrap().iter().map(|it| &it["field"]).collect();
    assert_eq!((status, fields), (400, vec![&json!("rate"), &json!("comment")]));
    for (wrong, code) in [
        (json!({"obj_id": 1, "category": "speed", "rate": 1}), "invalid-body"),
        (json!({"category": "price", "rate": 1}), "invalid-body"),
        (json!({"obj_id": 1, "category": "price", "rate": "1"}), "invalid-body"),
    ] {
        let (status, body) = told(ada.post("/rating").json(&wrong)).await;
        assert_eq!((status, body["code"].as_str()), (400, Some(code)), "{wrong}");
    }
    let (status, missing) =
        told(ada.post("/rating").json(&json!({"obj_id": 7, "category": "price", "rate": 1}))).await;
    assert_eq!((status, &missing["message"]), (404, &json!("not found")));
    assert_eq!(told(app.anonymous().get(app.url("/rating/summary?obj_id=7"))).await.0, 404);
    assert_eq!(told(app.anonymous().get(app.url("/rating/abc"))).await.0, 404);
}

#[tokio::test]
async fn a_reported_rating_is_found_and_hidden_by_an_administrator() {
    let app = spawn_app().await;
    let (ada, eva, admin) = (app.client("ada").await, app.client("eva").await, app.admin("root").await);
    let (_, made) = told(ada.post("/rating").json(&body("design", "rude"))).await;
    let id = made["item"]["id"].clone();
    told(eva.post("/rating").json(&body("design", "fine"))).await;
    let report = app.anonymous().post(app.url(&format!("/rating/{id}/report")));
    assert_eq!(told(report).await.0, 401);
    assert_eq!(told(eva.post(&format!("/rating/{id}/report"))).await.0, 200);
    let reported = admin.get_json("/admin/rating?reported=true").await;
    assert_eq!((reported["list"].as_array().unwrap().len(), &reported["list"][0]["id"]), (1, &id));
    assert_eq!(reported["list"][0]["open_reports"], 1);

    let (status, hidden) =
        told(admin.put(&format!("/admin/rating/{id}")).json(&json!({"hidden": true}))).await;
    assert_eq!(
        (status, &hidden["item"]["hidden"], &hidden["item"]["open_reports"]),
        (200, &json!(true), &json!(0))
    );
    assert_eq!(told(app.anonymous().get(app.url(&format!("/rating/{id}")))).await.0, 404);
    assert_eq!(told(ada.put(&format!("/rating/{id}")).json(&json!({"rate": 1}))).await.0, 404);
    let (status, _) = told(ada.post("/rating").json(&body("design", "again"))).await;
    assert_eq!(status, 400, "a hidden rating counts as rated");
    assert_eq!(admin.get_json(&format!("/admin/rating/{id}")).await["item"]["comment"], "rude");
    assert_eq!(told(admin.delete(&format!("/admin/rating/{id}"))).await.0, 200);
    assert_eq!(told(admin.get(&format!("/admin/rating/{id}"))).await.0, 404);
}

async fn page(app: &TestApp, browser: &Client, path: &str) -> (StatusCode, String) {
    let answer = browser.get(app.url(path)).header("accept", "text/html").send().await.unwrap();
    (answer.status(), answer.text().await.unwrap())
}

async fn sent(app: &TestApp, browser: &Client, path: &str, fields: &[(&str, &str)]) -> String {
    let form = browser.post(app.url(path)).header("sec-fetch-site", "same-origin").form(fields);
    let answer = form.send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{path}");
    answer.headers()["location"].to_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_person_rates_changes_and_reports_on_the_page() {
    let app = spawn_app().await;
    let browser = app.signed_in().await;
    let (_, made) =
        told(app.client("lovelace-1815").await.post("/rating").json(&body("price", "too dear"))).await;
    let id = made["item"]["id"].clone();
    let here = "/ratings/price/1";
    let rated =
        sent(&app, &browser, &format!("{here}/rate"), &[("rate", "4"), ("comment", "first thoughts")]).await;
    assert_eq!(rated, "/ratings/price/1?notice=rating-saved");
    let changed =
        sent(&app, &browser, &format!("{here}/rate"), &[("rate", "6"), ("comment", "second thoughts")]).await;
    assert_eq!(changed, rated);
    let (status, html) = page(&app, &browser, &rated).await;
    assert_eq!(status, StatusCode::OK);
    for text in
        ["Your rating is saved", "too dear", "second thoughts", "of 10, 2 ratings", "Change your rating"]
    {
        assert!(html.contains(text), "{text}");
    }
    assert!(!html.contains("lovelace"), "authors are not named");
    let wrong = sent(&app, &browser, &format!("{here}/rate"), &[("rate", "11"), ("comment", "")]).await;
    assert_eq!(wrong, "/ratings/price/1?notice=rating-invalid");
    let reported = sent(&app, &browser, &format!("{here}/report/{id}"), &[]).await;
    assert_eq!(reported, "/ratings/price/1?notice=rating-reported");
    let nothing = sent(&app, &browser, &format!("{here}/report/99"), &[]).await;
    assert_eq!(nothing, "/ratings/price/1?notice=no-such-rating");
    for path in ["/ratings/price/2", "/ratings/speed/1", "/ratings/price/x"] {
        assert_eq!(page(&app, &browser, path).await.0, StatusCode::NOT_FOUND, "{path}");
    }
}
