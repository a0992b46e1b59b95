//! Sign-in at a provider over HTTP: discovery, PKCE, state, and the page to which the browser returns.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use reqwest::{Response, StatusCode, Url};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{header, method, path},
};

use crate::helpers::{TestApp, spawn_with};

struct Provider {
    server: MockServer,
    app: TestApp,
}

impl Provider {
    /// Starts an OpenID provider with discovery, a token endpoint and a userinfo endpoint.
    async fn start() -> Self {
        let server = MockServer::start().await;
        let uri = server.uri();
        let described = json!({"issuer": uri, "authorization_endpoint": format!("{uri}/authorize"),
            "token_endpoint": format!("{uri}/token"), "userinfo_endpoint": format!("{uri}/me")});
        Mock::given(path("/.well-known/openid-configuration"))
            .respond_with(ResponseTemplate::new(200).set_body_json(described))
            .mount(&server)
            .await;
        let tokens =
            json!({"access_token": "at", "refresh_token": "rt", "token_type": "Bearer", "expires_in": 600});
        Mock::given(method("POST"))
            .and(path("/token"))
            .respond_with(ResponseTemplate::new(200).set_body_json(tokens))
            .mount(&server)
            .await;
        let person = json!({"sub": "u1", "name": "Ada", "email": "ada@example.org", "role": "group_user"});
        Mock::given(path("/me"))
            .and(header("authorization", "Bearer at"))
            .respond_with(ResponseTemplate::new(200).set_body_json(person))
            .mount(&server)
            .await;
        let app = spawn_with(&[
            ("STACKER__OAUTH__ISSUER", &uri),
            ("STACKER__OAUTH__CLIENT_ID", "stacker"),
            ("STACKER__OAUTH__CLIENT_SECRET", "s3cret"),
            ("STACKER__OAUTH__NAME", "Example"),
        ])
        .await;
        Self { server, app }
    }

    async fn get(&self, path: &str, cookie: &str) -> Response {
        let request = self.app.anonymous().get(self.app.url(path)).header("accept", "text/html");
        request.header("cookie", cookie).send().await.unwrap()
    }

    /// Returns the address to which the browser is sent, and the cookie that it gets.
    async fn authorize(&self, next: &str) -> (Url, String) {
        let left = self.get(&format!("/sign-in/provider?next={next}"), "").await;
        assert_eq!(left.status(), StatusCode::SEE_OTHER);
        (Url::parse(location(&left)).unwrap(), cookie(&left, "stacker_departure"))
    }
}

fn location(answer: &Response) -> &str {
    answer.headers()["location"].to_str().unwrap()
}

/// The cookie without its attributes, as a browser sends it back.
fn cookie(answer: &Response, name: &str) -> String {
    let set = answer.headers().get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap());
    let cookie = set.into_iter().find(|cookie| cookie.starts_with(&format!("{name}="))).unwrap();
    for part in ["HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    cookie.split(';').next().unwrap().to_owned()
}

fn parameter(url: &Url, name: &str) -> String {
    url.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned()
}

#[tokio::test]
async fn a_browser_goes_to_the_provider_and_comes_back_signed_in_where_it_wanted_to_be() {
    let provider = Provider::start().await;
    let stranger = provider.get("/hosts", "").await;
    assert_eq!(location(&stranger), "/sign-in?next=%2Fhosts");
    let page = provider.get(location(&stranger), "").await.text().await.unwrap();
    assert!(
        page.contains("Sign in with Example") && page.contains("/sign-in/provider?next=%2Fhosts"),
        "{page}"
    );

    let (url, departure) = provider.authorize("/hosts").await;
    assert!(url.as_str().starts_with(&format!("{}/authorize?", provider.server.uri())));
    let return_to = provider.app.url("/sign-in/callback");
    for (name, value) in [
        ("response_type", "code"),
        ("client_id", "stacker"),
        ("redirect_uri", return_to.as_str()),
        ("code_challenge_method", "S256"),
        ("scope", "openid profile email"),
    ] {
        assert_eq!(parameter(&url, name), value);
    }
    let back = format!("/sign-in/callback?code=c0de&state={}", parameter(&url, "state"));
    let arrived = provider.get(&back, &departure).await;
    assert_eq!((arrived.status(), location(&arrived)), (StatusCode::SEE_OTHER, "/hosts"));
    let session = cookie(&arrived, "stacker_session");
    assert_eq!(provider.get("/hosts", &session).await.status(), StatusCode::OK);

    let asked = provider.server.received_requests().await.unwrap();
    let token = asked.iter().find(|request| request.url.path() == "/token").unwrap();
    let form: Vec<(String, String)> = serde_urlencoded(&token.body);
    let field =
        |name: &str| form.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()).unwrap();
    assert_eq!((field("code"), field("redirect_uri")), ("c0de", return_to.as_str()));
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(field("code_verifier")));
    assert_eq!(challenge, parameter(&url, "code_challenge"));
    assert!(token.headers["authorization"].to_str().unwrap().starts_with("Basic "));
}

fn serde_urlencoded(body: &[u8]) -> Vec<(String, String)> {
    let url = Url::parse(&format!("http://x/?{}", std::str::from_utf8(body).unwrap())).unwrap();
    url.query_pairs().into_owned().collect()
}

#[tokio::test]
async fn the_session_of_before_ends_and_a_chosen_one_is_not_taken() {
    let provider = Provider::start().await;
    let sign_in = async |cookies: &str| {
        let (url, departure) = provider.authorize("/").await;
        let back = format!("/sign-in/callback?code=c0de&state={}", parameter(&url, "state"));
        let arrived = provider.get(&back, &format!("{departure}; {cookies}")).await;
        cookie(&arrived, "stacker_session")
    };
    let first = sign_in("stacker_session=chosen-by-somebody").await;
    assert_ne!(first, "stacker_session=chosen-by-somebody");
    let second = sign_in(&first).await;
    assert_ne!(first, second);
    assert_eq!(provider.get("/", &first).await.status(), StatusCode::SEE_OTHER, "ended");
    assert_eq!(provider.get("/", &second).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_return_that_this_browser_did_not_begin_signs_nobody_in() {
    let provider = Provider::start().await;
    let (url, departure) = provider.authorize("/").await;
    let state = parameter(&url, "state");
    for (cookie, query) in [
        ("", format!("code=c0de&state={state}")),
        (departure.as_str(), "code=c0de&state=guess".to_owned()),
        (departure.as_str(), "code=c0de".to_owned()),
        (departure.as_str(), "error=access_denied".to_owned()),
    ] {
        let refused = provider.get(&format!("/sign-in/callback?{query}"), cookie).await;
        assert_eq!(location(&refused), "/sign-in?notice=sign-in-expired", "{query}");
        let session = refused.headers().get_all("set-cookie").iter();
        assert!(session.into_iter().all(|cookie| !cookie.to_str().unwrap().starts_with("stacker_session=")));
    }
    let denied =
        provider.get(&format!("/sign-in/callback?error=access_denied&state={state}"), &departure).await;
    assert_eq!(location(&denied), "/sign-in?notice=sign-in-denied");
    let page = provider.get(location(&denied), "").await.text().await.unwrap();
    assert!(page.contains("You were not signed in"), "{page}");
}

#[tokio::test]
async fn nobody_is_sent_to_another_server() {
    let provider = Provider::start().await;
    for next in ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"] {
        let (url, departure) = provider.authorize(next).await;
        let back = format!("/sign-in/callback?code=c0de&state={}", parameter(&url, "state"));
        assert_eq!(location(&provider.get(&back, &departure).await), "/", "{next}");
    }
}

#[tokio::test]
async fn a_provider_that_is_down_is_said_to_be_and_one_that_says_no_too() {
    let provider = Provider::start().await;
    let (url, departure) = provider.authorize("/").await;
    let back = format!("/sign-in/callback?code=c0de&state={}", parameter(&url, "state"));
    // Each mock has priority over the previous ones.
    for (priority, status, body, notice) in [
        (2, 400, json!({"error": "invalid_grant", "error_description": "s3cret"}), "sign-in-refused"),
        (1, 503, json!({}), "provider-unavailable"),
    ] {
        Mock::given(path("/token"))
            .respond_with(ResponseTemplate::new(status).set_body_json(body))
            .with_priority(priority)
            .mount(&provider.server)
            .await;
        let answer = provider.get(&back, &departure).await;
        assert_eq!(location(&answer), format!("/sign-in?notice={notice}"));
    }
    let away = spawn_with(&[
        ("STACKER__OAUTH__ISSUER", "http://127.0.0.1:9"),
        ("STACKER__OAUTH__CLIENT_ID", "stacker"),
    ])
    .await;
    let answer = away.anonymous().get(away.url("/sign-in/provider")).send().await.unwrap();
    assert_eq!(location(&answer), "/sign-in?notice=provider-unavailable");
    // This provider never announced its address, so the page cannot offer to continue anyway.
    let page = away.anonymous().get(away.url(location(&answer))).header("accept", "text/html").send().await;
    let page = page.unwrap().text().await.unwrap();
    assert!(page.contains("Try again") && !page.contains("anyway=yes"), "{page}");
}

#[tokio::test]
async fn before_a_browser_is_sent_away_the_provider_is_asked_whether_it_is_there() {
    let server = MockServer::start().await;
    let uri = server.uri();
    Mock::given(method("HEAD")).respond_with(ResponseTemplate::new(503)).expect(1).mount(&server).await;
    let app = spawn_with(&[
        ("STACKER__OAUTH__AUTHORIZE_URL", &format!("{uri}/authorize")),
        ("STACKER__OAUTH__TOKEN_URL", &format!("{uri}/token")),
        ("STACKER__OAUTH__USER_INFO_URL", &format!("{uri}/me")),
        ("STACKER__OAUTH__CLIENT_ID", "stacker"),
        ("STACKER__OAUTH__NAME", "Example"),
    ])
    .await;
    let get = async |path: &str| {
        app.anonymous().get(app.url(path)).header("accept", "text/html").send().await.unwrap()
    };
    // Several requests at once, or shortly after each other, cause only one request to the provider.
    let (left, _) = tokio::join!(get("/sign-in/provider?next=/hosts"), get("/sign-in/provider"));
    assert_eq!(location(&left), "/sign-in?notice=provider-unavailable&next=%2Fhosts");
    assert!(left.headers().get("set-cookie").is_none());
    let page = get(location(&left)).await;
    assert_eq!(page.status(), StatusCode::SERVICE_UNAVAILABLE);
    let page = page.text().await.unwrap();
    for part in [
        "The sign-in provider does not answer",
        "Try again",
        "href=\"/sign-in/provider?next=%2Fhosts\"",
        "Go to Example anyway",
        "href=\"/sign-in/provider?next=%2Fhosts&amp;anyway=yes\"",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    let anyway = get("/sign-in/provider?next=/hosts&anyway=yes").await;
    assert!(location(&anyway).starts_with(&format!("{uri}/authorize?")));
    cookie(&anyway, "stacker_departure");
}

#[tokio::test]
async fn without_a_provider_there_is_no_way_to_one() {
    let app = spawn_with(&[]).await;
    for path in ["/sign-in/provider", "/sign-in/callback?code=x&state=y"] {
        assert_eq!(app.anonymous().get(app.url(path)).send().await.unwrap().status(), StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn signing_out_everywhere_ends_every_session_of_that_person() {
    let app = spawn_with(&[]).await;
    let (one, other) = (app.signed_in().await, app.signed_in().await);
    let everywhere = one.post(app.url("/sign-out/everywhere")).header("sec-fetch-site", "cross-site");
    assert_eq!(everywhere.send().await.unwrap().status(), StatusCode::FORBIDDEN, "from another site");
    let everywhere = one.post(app.url("/sign-out/everywhere")).header("sec-fetch-site", "same-origin");
    let answer = everywhere.send().await.unwrap();
    assert_eq!(location(&answer), "/sign-in?notice=signed-out-everywhere");
    for browser in [one, other] {
        assert_eq!(browser.get(app.url("/hosts")).send().await.unwrap().status(), StatusCode::SEE_OTHER);
    }
}
