//! Service JWTs: accepted only with a signature by the configured key.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use reqwest::{RequestBuilder, StatusCode};
use serde_json::{Value, json};
use sha2::Sha256;
use stacker::context::Clock as _;
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{header, method},
};

use crate::helpers::{TestApp, spawn_app, spawn_with};

pub const KNOWN_SECRET: [(&str, &str); 2] = [
    ("STACKER__SERVICE_JWT__ALGORITHM", "HS256"),
    ("STACKER__SERVICE_JWT__SECRET", "a secret that both sides know, and 32 bytes long"),
];

fn token(secret: &str, header: &Value, claims: &Value) -> String {
    let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!("{}.{}", part(header), part(claims));
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(message.as_bytes());
    format!("{message}.{}", BASE64_URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
}

/// The JWT of a service with this role. It expires after this number of seconds.
pub fn service(app: &TestApp, secret: &str, role: &str, seconds: i64) -> String {
    let exp = app.clock.now().timestamp() + seconds;
    let claims = json!({"role": role, "email": "service@example.com", "exp": exp});
    token(secret, &json!({"alg": "HS256", "typ": "JWT"}), &claims)
}

async fn answer(request: RequestBuilder) -> (StatusCode, Value) {
    let answer = request.send().await.unwrap();
    (answer.status(), answer.json().await.unwrap())
}

fn who(app: &TestApp) -> RequestBuilder {
    app.anonymous().get(app.url("/api/auth"))
}

#[tokio::test]
async fn a_service_with_the_key_is_an_administrator_by_the_name_of_its_role() {
    let app = spawn_with(&KNOWN_SECRET).await;
    let known = service(&app, KNOWN_SECRET[1].1, "admin_service", 3600);

    let (status, told) = answer(who(&app).bearer_auth(&known)).await;
    assert_eq!(status, 200);
    let item = &told["item"];
    assert_eq!((&item["user_id"], &item["role"]), (&json!("admin_service"), &json!("admin_service")));
    assert_eq!((&item["name"], &item["email"]), (&json!("Service Account"), &json!("service@example.com")));
    let metrics = app.anonymous().get(app.url("/health_check/metrics")).bearer_auth(&known).send().await;
    assert_eq!(metrics.unwrap().status(), 200);
}

#[tokio::test]
async fn without_the_key_or_after_its_end_it_is_nobody() {
    let app = spawn_with(&KNOWN_SECRET).await;
    let secret = KNOWN_SECRET[1].1;
    let claims = json!({"role": "admin_service", "email": "", "exp": app.clock.now().timestamp() + 60});
    let wrong = [
        token("another secret that nobody knows here, 32 bytes", &json!({"alg": "HS256"}), &claims),
        token(secret, &json!({"alg": "none"}), &claims),
        token(secret, &json!({"alg": "RS256"}), &claims),
        service(&app, secret, "root", 60),
        service(&app, secret, "group_user", 60),
        service(&app, secret, "admin_service", 10 * 365 * 86_400),
        // Valid claims alone, which used to be enough.
        format!("x.{}.x", BASE64_URL_SAFE_NO_PAD.encode(claims.to_string())),
        format!("{}{}", service(&app, secret, "admin_service", 60), "A".repeat(20_000)),
    ];
    for bearer in wrong {
        let (status, told) = answer(who(&app).bearer_auth(&bearer)).await;
        assert_eq!((status.as_u16(), &told["code"]), (401, &json!("bad-credentials")), "{bearer:.300}");
    }
    let known = service(&app, secret, "admin_service", 60);
    let (status, told) = answer(who(&app).bearer_auth(&known).bearer_auth(&known)).await;
    assert_eq!((status.as_u16(), &told["code"]), (401, &json!("bad-credentials")), "twice");

    let ended = service(&app, secret, "admin_service", -1);
    let (status, told) = answer(who(&app).bearer_auth(&ended)).await;
    assert_eq!((status.as_u16(), &told["code"]), (401, &json!("jwt-expired")));
    assert!(told["message"].as_str().unwrap().starts_with("JWT token expired (exp: "), "{told}");
}

#[tokio::test]
async fn without_a_configured_key_no_service_is_let_in() {
    let app = spawn_app().await;
    let known = service(&app, KNOWN_SECRET[1].1, "admin_service", 60);
    let (status, _) = answer(who(&app).bearer_auth(&known)).await;
    assert_eq!(status, 401);
}

#[tokio::test]
async fn a_provider_is_asked_about_its_own_jwts_and_sees_none_of_a_service() {
    let provider = MockServer::start().await;
    let user = json!({"user": {
        "_id": "alice", "email": "alice@example.org", "email_confirmed": true, "role": "group_user",
        "currency": null, "password_change_required": null, "billing_first_name": null,
        "billing_last_name": null, "deployments_left": null,
    }});
    let app = spawn_app().await;
    let theirs = service(&app, "the key of the provider, which is another one", "group_user", 60);
    Mock::given(method("GET"))
        .and(header("authorization", format!("Bearer {theirs}")))
        .respond_with(ResponseTemplate::new(200).set_body_json(user))
        .expect(1)
        .mount(&provider)
        .await;
    let auth_url = ("STACKER__AUTH_URL", provider.uri());
    let app = app.twin(&[KNOWN_SECRET[0], KNOWN_SECRET[1], (auth_url.0, &auth_url.1)]).await;

    let (status, told) = answer(who(&app).bearer_auth(&theirs)).await;
    assert_eq!((status.as_u16(), &told["item"]["user_id"]), (200, &json!("alice")));
    let known = service(&app, KNOWN_SECRET[1].1, "admin_service", 60);
    let (status, told) = answer(who(&app).bearer_auth(&known)).await;
    assert_eq!((status.as_u16(), &told["item"]["user_id"]), (200, &json!("admin_service")));
    let forged = service(&app, "an old key, which services may have kept for long", "admin_service", 60);
    let (status, _) = answer(who(&app).bearer_auth(&forged)).await;
    assert_eq!(status, 401);
    // A service JWT in the cookie is refused, because browsers have no such JWTs.
    let (status, _) = answer(who(&app).header("cookie", format!("access_token={known}"))).await;
    assert_eq!(status, 401);
    let asked = provider.received_requests().await.unwrap();
    assert_eq!(asked.len(), 1, "about the user alone");
}
