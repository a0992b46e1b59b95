//! Access rules for everything the server offers: any route that is not listed as public here requires a caller.

use domain::{
    access::{Caller, Role, Scope},
    api::CreateAccessToken,
};
use futures::{StreamExt as _, stream};
use reqwest::{Method, StatusCode};

use crate::helpers::{caller, spawn_app, spawn_without_rate_limits};

/// Routes that need no caller. Registration needs a deployment or a code instead; `/api/auth` also answers anonymous callers, and
/// everybody reads ratings.
const PUBLIC: [(&str, &str); 6] = [
    ("GET", "/health_check"),
    ("POST", "/api/v1/agent/register"),
    ("GET", "/api/auth"),
    ("GET", "/rating"),
    ("GET", "/rating/{id}"),
    ("GET", "/rating/summary"),
];
/// A bearer token that is none of its own is not looked up, so it does not matter whose it is.
const WITH_A_TOKEN_OF_ITS_OWN: &str = "/api/v1/deployments/{deployment_hash}/status";
/// Number of concurrent requests. They run concurrently because each refusal waits for the end of its step.
const AT_ONCE: usize = 8;
/// Routes for administrators; all other callers get 403.
const ADMINISTRATORS: [(&str, &str); 12] = [
    ("GET", "/admin/rating"),
    ("GET", "/admin/rating/{id}"),
    ("GET", "/admin/agreement/{id}"),
    ("GET", "/admin/agreement/{id}/acceptances"),
    ("GET", "/admin/agreement/{id}/versions"),
    ("PUT", "/admin/client/{id}"),
    ("PUT", "/admin/client/{id}/enable"),
    ("PUT", "/admin/client/{id}/disable"),
    ("GET", "/admin/project/user/{user_id}"),
    ("GET", "/admin/project/{id}/compose"),
    ("GET", "/health_check/metrics"),
    ("GET", "/api/v1/policy/decision"),
];

#[tokio::test]
async fn every_rest_route_asks_who_is_there() {
    let app = spawn_app().await;
    let routes = app.rest_routes().await;
    assert!(routes.len() >= 14, "only {} routes found", routes.len());

    for (method, path) in routes {
        let answer = app
            .anonymous()
            .request(parse(&method), app.url(&fill(&path)))
            .json(&serde_json::json!({}))
            .send()
            .await
            .unwrap();
        if PUBLIC.contains(&(&method, &path)) {
            let shut_out = [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN];
            assert!(!shut_out.contains(&answer.status()), "{method} {path}");
        } else {
            assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{method} {path}");
            assert!(
                answer.headers()["www-authenticate"].to_str().unwrap().starts_with("Bearer"),
                "{method} {path}"
            );
            let body: serde_json::Value = answer.json().await.unwrap();
            assert_eq!(body["code"], "unauthenticated", "{method} {path}");
        }
    }
}

#[tokio::test]
async fn credentials_that_do_not_hold_are_refused_everywhere() {
    // With rate limits, this many wrong credentials would be refused with 429.
    let app = spawn_without_rate_limits().await;

    let routes = app.rest_routes().await;
    let closed = routes.into_iter().filter(|(method, path)| !PUBLIC.contains(&(method, path)));
    let asked = stream::iter(closed).for_each_concurrent(AT_ONCE, async |(method, path)| {
        for (name, value) in [
            ("authorization", "Bearer stk_unknown"),
            ("authorization", "Bearer of-a-provider-that-is-not-there"),
            ("authorization", "Basic YTpi"),
            ("x-agent-id", "0195f0a0-0000-7000-8000-000000000000"),
            ("stacker-id", "1"),
        ] {
            let request = app.anonymous().request(parse(&method), app.url(&fill(&path))).header(name, value);
            let answer = request.json(&serde_json::json!({})).send().await.unwrap();
            assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{method} {path} with {name}: {value}");
        }
    });
    asked.await;
}

#[tokio::test]
async fn what_is_for_administrators_is_forbidden_to_users() {
    let app = spawn_app().await;
    let (user, admin) = (app.client("alice").await, app.admin("root").await);

    for (method, path) in ADMINISTRATORS {
        let path = fill(path);
        let refused = user.request(parse(method), &path).send().await.unwrap();
        assert_eq!(refused.status(), StatusCode::FORBIDDEN, "{method} {path}");
        let let_in = admin.request(parse(method), &path).send().await.unwrap();
        assert_ne!(let_in.status(), StatusCode::FORBIDDEN, "{method} {path}");
    }
}

#[tokio::test]
async fn a_role_the_policy_does_not_know_may_do_nothing() {
    let app = spawn_app().await;
    let provider = app.provider_knowing("token", "mallory", "wizard").await;

    for (method, path) in provider.rest_routes().await {
        if PUBLIC.contains(&(&method, &path)) || path == WITH_A_TOKEN_OF_ITS_OWN {
            continue;
        }
        let body = provider.valid_body(&path, &method);
        let request =
            provider.anonymous().request(parse(&method), provider.url(&fill(&path))).bearer_auth("token");
        let answer = request.json(&body).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{method} {path}");
    }
}

/// Requests that a token with scope `read` can send in addition to GET and the public routes, because they change nothing.
const READS: [(&str, &str); 1] = [("POST", "/check")];

#[tokio::test]
async fn a_token_that_may_only_read_changes_nothing() {
    let app = spawn_app().await;
    let reader = CreateAccessToken { scope: Scope::Read, ..CreateAccessToken::named("reader") };
    let caller = Caller { role: Role::GroupAdmin, ..caller("root") };
    let bearer = app.services.tokens().create(&caller, reader).await.unwrap().token.unwrap();

    for (method, path) in app.rest_routes().await {
        let for_agents = path.starts_with("/api/v1/agent/");
        if PUBLIC.contains(&(&method, &path)) || for_agents {
            continue;
        }
        let request = app.anonymous().request(parse(&method), app.url(&fill(&path))).bearer_auth(&bearer);
        let answer = request.json(&app.valid_body(&path, &method)).send().await.unwrap();
        let forbidden = answer.status() == StatusCode::FORBIDDEN;
        if method == "GET" {
            let of_anybody = path.starts_with("/admin/") || path == "/api/v1/policy/decision";
            let is_secret = path == "/project/{id}/env" || path.starts_with("/project/{id}/clouds");
            let is_hidden = ["/cloud", "/server", "/registry", "/dockerhub", "/api/v1/callbacks"]
                .iter()
                .any(|area| path.starts_with(area));
            assert_eq!(forbidden, of_anybody || is_secret || is_hidden, "{method} {path}");
        } else {
            assert_eq!(forbidden, !READS.contains(&(&method, &path)), "{method} {path}");
        }
    }
}

#[tokio::test]
async fn every_server_function_asks_for_a_session() {
    let app = spawn_app().await;
    let functions: Vec<_> = server_fn::axum::server_fn_paths().collect();
    assert!(!functions.is_empty(), "no server function is registered");

    for (path, method) in functions {
        assert!(path.starts_with("/rpc/"), "{path} has no fixed address");
        if app::rpc::OPEN_ENDPOINTS.contains(&path) {
            continue;
        }
        let mut refused = false;
        // Arguments for every function, because functions check the caller only after reading them. An id can be a number or a
        // UUID.
        for (cookie, id) in [("", "1"), ("stacker_session=guessed", "0195f0a0-0000-7000-8000-000000000000")] {
            let arguments = serde_json::json!({"id": id.parse::<i32>().map_or_else(|_| id.into(), serde_json::Value::from),
                "version": 1, "name": "x", "compose": "", "canvas": {}, "hash": "x", "project": 1, "number": 1,
                "host": "0195f0a0-0000-7000-8000-000000000000", "service": "web", "action": "start",
                "command_id": "cmd_0", "category": "application", "product": 1, "scope": "read", "days": 0, "change": "rotate", "volumes": [],
                "role": "viewer", "user_id": "x", "values": {}, "cloud": 1, "machine": {"region": "", "zone": "", "size": "", "os": "", "disk_type": "", "domain": "", "ssh_user": "", "ssh_port": null}, "form": {"name": "", "provider": "aws", "secrets": {}}, "projects": [], "image": "nginx", "images": ["nginx"], "search": "", "reached_at": "", "url": "", "events": [], "callback": {"url": "", "events": []}, "delivery": "0195f0a0-0000-7000-8000-000000000000", "invitation": "0195f0a0-0000-7000-8000-000000000000", "request": {"revision": 1}});
            let request = || {
                let request = app.anonymous().request(method.clone(), app.url(path));
                request.header("sec-fetch-site", "same-origin").header("cookie", cookie)
            };
            let fields = arguments.as_object().unwrap().iter().filter_map(|(name, value)| match value {
                serde_json::Value::String(text) => Some((name.clone(), text.clone())),
                serde_json::Value::Number(number) => Some((name.clone(), number.to_string())),
                _ => None,
            });
            let form = request().form(&fields.collect::<Vec<_>>()).send().await.unwrap().status();
            let json = request().json(&arguments).send().await.unwrap().status();
            refused |= [form, json].contains(&StatusCode::UNAUTHORIZED);
            assert!(![form, json].iter().any(StatusCode::is_success), "{path}: {form}, {json}");
        }
        assert!(refused, "{path} asks for no session");
    }
}

#[tokio::test]
async fn pages_lead_strangers_to_the_sign_in() {
    let app = spawn_app().await;

    for path in ["/", "/projects/1"] {
        let answer = app.anonymous().get(app.url(path)).header("accept", "text/html").send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{path}");
        assert_eq!(answer.headers()["location"], "/sign-in", "{path}");
    }
    let sign_in =
        app.anonymous().get(app.url("/sign-in")).header("accept", "text/html").send().await.unwrap();
    assert_eq!(sign_in.status(), StatusCode::OK);
}

fn parse(method: &str) -> Method {
    method.parse().unwrap()
}

fn fill(path: &str) -> String {
    path.replace("/hosts/{id}", "/hosts/0195f0a0-0000-7000-8000-000000000000")
        .replace("/tokens/{id}", "/tokens/0195f0a0-0000-7000-8000-000000000000")
        .replace("/callbacks/{id}", "/callbacks/0195f0a0-0000-7000-8000-000000000000")
        .replace("{delivery_id}", "0195f0a0-0000-7000-8000-000000000000")
        .replace("{id}", "1")
        .replace("{cloud_id}", "1")
        .replace("{namespace}", "acme")
        .replace("{repository}", "shop")
        .replace("{number}", "1")
        .replace("{invitation_id}", "0195f0a0-0000-7000-8000-000000000000")
        .replace("{user_id}", "alice")
        .replace("{deployment_hash}", "deployment_1")
        .replace("{command_id}", "cmd_0")
}
