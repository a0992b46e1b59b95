//! Pages of other origins: refused unless an operator allows their origin, and then allowed only for REST and without cookies.

use reqwest::{Method, Response};

use crate::helpers::{TestApp, spawn_app, spawn_with};

const OURS: &str = "https://dashboard.example";

async fn preflight(app: &TestApp, path: &str, origin: &str) -> Response {
    let request = app.anonymous().request(Method::OPTIONS, app.url(path)).header("origin", origin);
    let request = request.header("access-control-request-method", "POST");
    request.header("access-control-request-headers", "authorization,content-type").send().await.unwrap()
}

fn allows(answer: &Response) -> Option<&str> {
    Some(answer.headers().get("access-control-allow-origin")?.to_str().unwrap())
}

#[tokio::test]
async fn no_other_origin_is_let_in_by_itself() {
    let app = spawn_app().await;
    assert_eq!(allows(&preflight(&app, "/project", OURS).await), None);
    let read = app.client("ada").await.get("/project").header("origin", OURS).send().await.unwrap();
    assert_eq!(allows(&read), None);
}

#[tokio::test]
async fn an_origin_that_was_named_may_call_the_rest_api_with_a_bearer_and_nothing_else() {
    let app = spawn_with(&[("STACKER__CORS__ALLOWED_ORIGINS", OURS)]).await;
    let asked = preflight(&app, "/project", OURS).await;
    assert!(asked.status().is_success());
    assert_eq!(allows(&asked), Some(OURS));
    let headers = asked.headers()["access-control-allow-headers"].to_str().unwrap();
    assert!(headers.contains("authorization") && headers.contains("if-match"), "{headers}");

    let ada = app.client("ada").await;
    let read = ada.get("/project").header("origin", OURS).send().await.unwrap();
    assert_eq!((read.status().as_u16(), allows(&read)), (200, Some(OURS)));
    let refused = app.anonymous().get(app.url("/project")).header("origin", OURS).send().await.unwrap();
    assert_eq!(
        (refused.status().as_u16(), allows(&refused)),
        (401, Some(OURS)),
        "so that the page can say why"
    );
    for answer in [&asked, &read, &refused] {
        assert!(!answer.headers().contains_key("access-control-allow-credentials"));
    }
    assert_eq!(allows(&preflight(&app, "/project", "https://evil.example").await), None);
    for path in ["/sign-in", "/rpc/projects/save", "/projects"] {
        assert_eq!(allows(&preflight(&app, path, OURS).await), None, "{path}");
    }
}
