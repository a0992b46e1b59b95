use reqwest::StatusCode;
use serde_json::Value;

use crate::helpers::{form, spawn_app};

#[tokio::test]
async fn another_site_cannot_use_a_session() {
    let app = spawn_app().await;
    let browser = app.signed_in().await;

    for path in ["/rpc/projects/list", "/projects", "/projects/1/delete", "/sign-out"] {
        for (name, value) in
            [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example"), ("x-nothing", "at-all")]
        {
            let answer =
                browser.post(app.url(path)).header(name, value).form(&[("name", "x")]).send().await.unwrap();
            assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{path} with {name}");
            assert_eq!(answer.json::<Value>().await.unwrap()["code"], "cross-site", "{path} with {name}");
        }
    }
}

#[tokio::test]
async fn our_own_pages_can() {
    let app = spawn_app().await;
    let browser = app.signed_in().await;

    for (name, value) in [("sec-fetch-site", "same-origin".to_owned()), ("origin", app.url(""))] {
        let answer = browser
            .post(app.url("/rpc/projects/list"))
            .header(name, value)
            .form(&[("search", "x")])
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "with {name}");
    }
}

#[tokio::test]
async fn a_provider_bearer_in_a_cookie_cannot_be_used_across_sites() {
    let app = spawn_app().await.provider_knowing("token", "alice", "group_user").await;
    let request = || {
        app.anonymous().post(app.url("/project")).header("cookie", "access_token=token").json(&form("one"))
    };

    let foreign = request().header("sec-fetch-site", "cross-site").send().await.unwrap();
    assert_eq!(foreign.status(), StatusCode::FORBIDDEN);
    let own = request().header("sec-fetch-site", "same-origin").send().await.unwrap();
    assert_eq!(own.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_function_of_an_older_page_is_gone() {
    let app = spawn_app().await;
    let browser = app.signed_in().await;

    let answer = browser
        .post(app.url("/rpc/projects/forgotten"))
        .header("sec-fetch-site", "same-origin")
        .send()
        .await
        .unwrap();

    assert_eq!(answer.status(), StatusCode::GONE);
    assert_eq!(answer.json::<Value>().await.unwrap()["code"], "unknown-function");
}
