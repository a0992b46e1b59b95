use reqwest::StatusCode;
use serde_json::Value;

use crate::helpers::{form, spawn_app};

#[tokio::test]
async fn a_bearer_of_the_provider_is_its_user() {
    let app = spawn_app().await.provider_knowing("token", "u-17", "group_user").await;

    let answer = app
        .anonymous()
        .post(app.url("/project"))
        .bearer_auth("token")
        .json(&form("one"))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.json::<Value>().await.unwrap()["item"]["user_id"], "u-17");
    let stranger = app.anonymous().get(app.url("/project")).bearer_auth("other").send().await.unwrap();
    assert_eq!(stranger.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn the_same_bearer_in_a_cookie_reads_too() {
    let app = spawn_app().await.provider_knowing("token", "u-17", "group_user").await;

    let answer =
        app.anonymous().get(app.url("/project")).header("cookie", "access_token=token").send().await.unwrap();

    assert_eq!(answer.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_provider_that_is_away_lets_nobody_in() {
    let app = spawn_app().await.provider_away().await;

    let answer = app.anonymous().get(app.url("/project")).bearer_auth("token").send().await.unwrap();

    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.json::<Value>().await.unwrap()["code"], "sign-in-provider-unavailable");
}
