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

/// Sends requests with a session from another site, and writes the path in many ways.
#[tokio::test]
async fn no_way_of_writing_the_path_of_a_function_gets_around_it() {
    let app = spawn_app().await;
    let browser = app.signed_in().await;
    let cookie = {
        let code = app.services.sign_in().create_link_code().await.unwrap();
        let form = app.anonymous().post(app.url("/sign-in")).header("sec-fetch-site", "same-origin");
        let answer = form.form(&[("code", code)]).send().await.unwrap();
        answer.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned()
    };
    let paths = [
        "/rpc/projects/list",
        "/rpc/projects/list/",
        "/rpc//projects/list",
        "//rpc/projects/list",
        "/./rpc/projects/list",
        "/x/../rpc/projects/list",
        "/RPC/projects/list",
        "/Rpc/Projects/List",
        "/%72pc/projects/list",
        "/%72%70%63/projects/list",
        "/%2572pc/projects/list",
        "/rpc%2fprojects%2flist",
        "/%2frpc/projects/list",
        "/rpc/projects/list;x",
        "/rpc/projects/list?x=%2e%2e",
        "/rpc/projects/%6cist",
        "/rpc/nothing",
        "/rpc/",
        "/rpc",
    ];
    for method in ["POST", "PUT", "PATCH", "DELETE"] {
        for path in paths {
            for (name, value) in [
                ("sec-fetch-site", "cross-site"),
                ("sec-fetch-site", "same-site"),
                ("sec-fetch-site", "none"),
                ("origin", "https://evil.example"),
                ("origin", "null"),
                ("x-nothing", "at all"),
            ] {
                // The request is written by hand, because a client library would normalize the path.
                let request = format!(
                    "{method} {path} HTTP/1.1\r\nhost: {}\r\n{name}: {value}\r\ncookie: {cookie}\r\n\
                     content-type: application/x-www-form-urlencoded\r\ncontent-length: 8\r\nconnection: close\r\n\r\nsearch=x",
                    app.address
                );
                let answer = raw(&app.address, &request).await;
                assert!(
                    answer.starts_with("HTTP/1.1 403 "),
                    "{method} {path} with {name}: {value}: {answer:.80}"
                );
                assert!(answer.contains("\"cross-site\""), "{answer}");
            }
        }
    }
    // The session itself is valid.
    let own = browser.post(app.url("/rpc/projects/list")).header("sec-fetch-site", "same-origin");
    assert_eq!(own.form(&[("search", "x")]).send().await.unwrap().status(), StatusCode::OK);
}

async fn raw(address: &str, request: &str) -> String {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

/// A browser sends the session when it follows a link on another site, so a GET request must not change anything.
#[tokio::test]
async fn nothing_changes_by_get() {
    let app = spawn_app().await;
    let browser = app.signed_in().await;
    let operator = app.client("local").await;
    let project = operator.import("kept", "services: {}\n").await;
    let token =
        operator.post("/api/v1/tokens").json(&serde_json::json!({"name": "kept"})).send().await.unwrap();
    let token: Value = token.json().await.unwrap();
    let hash = app.deployment_of("local").await;
    let state = || async {
        [
            operator.get_json("/project").await,
            operator.get_json("/api/v1/hosts").await,
            operator.get_json("/client").await,
            operator.get_json("/api/v1/deployments").await,
            operator.get_json(&format!("/api/v1/commands/{hash}")).await,
        ]
    };
    // The first call records that the test's own token was used, so the second one is the baseline.
    state().await;
    let before = state().await;
    let functions: Vec<String> =
        server_fn::axum::server_fn_paths().map(|(path, _)| path.to_owned()).collect();
    let forms = ["rename", "duplicate", "delete", "deploy"].map(|what| format!("/projects/{project}/{what}"));
    let others =
        ["/sign-out", "/sign-out/everywhere", "/projects", "/hosts", "/hosts/new"].map(str::to_owned);
    for path in functions.iter().chain(&forms).chain(&others) {
        for method in ["GET", "HEAD", "OPTIONS"] {
            let query = format!(
                "?name=x&confirm_name=kept&id={project}&id={}&hash={hash}&version=1&search=x&code=x",
                token["item"]["id"].as_str().unwrap()
            );
            let request = browser.request(method.parse().unwrap(), app.url(&format!("{path}{query}")));
            let answer = request.header("sec-fetch-site", "cross-site").send().await.unwrap();
            assert!(answer.status().as_u16() < 500, "{method} {path}: {}", answer.status());
            assert!(!answer.headers().contains_key("set-cookie"), "{method} {path} sets a cookie");
        }
    }
    assert_eq!(state().await, before);
    let still = browser.get(app.url("/")).header("accept", "text/html").send().await.unwrap();
    assert_eq!(still.status(), StatusCode::OK, "still signed in");
}

#[tokio::test]
async fn a_cookie_of_another_name_is_none_of_ours() {
    let app = crate::helpers::spawn_with(&[("STACKER__PUBLIC_URL", "https://stacker.example")]).await;
    let code = app.services.sign_in().create_link_code().await.unwrap();
    let form = app.anonymous().post(app.url("/sign-in")).header("sec-fetch-site", "same-origin");
    let answer = form.form(&[("code", code)]).send().await.unwrap();
    let cookie = answer.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let get = async |cookie: String| {
        let request = app.anonymous().get(app.url("/")).header("accept", "text/html");
        request.header("cookie", cookie).send().await.unwrap().status().as_u16()
    };
    assert!(cookie.starts_with("__Host-stacker_session="), "{cookie}");
    assert_eq!(get(cookie.clone()).await, 200);
    // Any host of the domain can set cookies with these names, so they must not count as the cookie that only this host can set.
    for name in
        ["__%48ost-stacker_session", "%5f_Host-stacker_session", "__host-stacker_session", "stacker_session"]
    {
        assert_eq!(get(cookie.replace("__Host-stacker_session", name)).await, 303, "{name}");
    }
}
