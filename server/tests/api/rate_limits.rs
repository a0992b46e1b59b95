//! Rate limits: how many requests are allowed, and what responses say before and after the limit is reached.

use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};

use crate::{
    access::Program,
    helpers::{TestApp, caller, spawn_with, until},
};

fn number(answer: &Response, header: &str) -> Option<u64> {
    Some(answer.headers().get(header)?.to_str().unwrap().parse().unwrap())
}

/// The limit and the remaining requests that the headers report.
fn figures(answer: &Response) -> (u64, u64) {
    assert!(number(answer, "ratelimit-reset").unwrap() <= 60);
    (number(answer, "ratelimit-limit").unwrap(), number(answer, "ratelimit-remaining").unwrap())
}

async fn send(request: RequestBuilder) -> Response {
    request.send().await.unwrap()
}

/// Checks a 429: every such response says in the same way how long to wait.
async fn too_many(answer: Response, code: &str) -> Value {
    assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(figures(&answer).1, 0);
    let wait = number(&answer, "retry-after").unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    let body: Value = answer.json().await.unwrap();
    assert_eq!((&body["code"], &body["retry_after"]), (&json!(code), &json!(wait)), "{body}");
    assert!(body["message"].as_str().unwrap().ends_with(&format!("wait {wait} s")), "{body}");
    body
}

fn from(app: &TestApp, address: &str) -> RequestBuilder {
    app.anonymous().get(app.url("/health_check")).header("x-forwarded-for", address)
}

#[tokio::test]
async fn every_answer_says_what_is_left_of_the_figure_of_whoever_asks() {
    // The limits are so low that no request becomes available again while the test runs.
    let app = spawn_with(&[
        ("STACKER__RATE_LIMITS__ANONYMOUS", "6"),
        ("STACKER__RATE_LIMITS__USER", "6"),
        ("STACKER__RATE_LIMITS__ADMIN", "5"),
        ("STACKER__RATE_LIMITS__CLIENT", "4"),
        ("STACKER__RATE_LIMITS__CHECKS", "2"),
    ])
    .await;
    let (ada, admin) = (app.client("ada").await, app.admin("ada").await);
    let program = Program::of(&app, "ada", json!({"name": "program"})).await;

    let health = || app.anonymous().get(app.url("/health_check"));
    assert_eq!(figures(&send(health()).await), (6, 5));
    assert_eq!(figures(&send(health()).await), (6, 4));
    // Refused requests count too, and all tokens of an account count together. `Program::of` has used one request.
    assert_eq!(figures(&send(ada.get("/project/0")).await), (6, 4));
    assert_eq!(figures(&send(app.client("ada").await.get("/project")).await), (6, 3));
    assert_eq!(figures(&send(app.client("bob").await.get("/project")).await), (6, 5));
    assert_eq!(figures(&send(admin.get("/project")).await), (5, 4));
    assert_eq!(figures(&send(program.signed(&app, Method::GET, "/project", "")).await), (4, 3));
    // The headers report the quota that is used up first.
    let check = ada.post("/check").json(&json!({"compose": "services: {}\n"}));
    assert_eq!(figures(&send(check).await), (2, 1));
}

#[tokio::test]
async fn one_too_many_is_refused_for_that_account_alone_and_comes_back_in_time() {
    let app = spawn_with(&[("STACKER__RATE_LIMITS__USER", "60")]).await;
    let (ada, bob) = (app.client("ada").await, app.client("bob").await);
    for left in (0..60).rev() {
        let answer = send(ada.get("/project")).await;
        assert_eq!(answer.status(), 200);
        // Some requests may have become available again meanwhile.
        assert!(figures(&answer).1 >= left);
    }
    let mut refused = send(ada.get("/project")).await;
    // On a slow machine, one or two requests may have become available again.
    for _ in 0..60 {
        if refused.status() == StatusCode::TOO_MANY_REQUESTS {
            break;
        }
        refused = send(ada.get("/project")).await;
    }
    let body = too_many(refused, "too-many-requests").await;
    assert!(body["message"].as_str().unwrap().contains("your account"), "{body}");
    assert_eq!(send(bob.get("/project")).await.status(), 200);
    until("a request is let through again", || async { send(ada.get("/project")).await.status() == 200 })
        .await;
}

#[tokio::test]
async fn switched_off_nothing_is_counted() {
    let figures = ["ADDRESS", "ANONYMOUS", "USER", "CHECKS", "CREDENTIALS", "FAILURES", "SIGN_IN"];
    let names = figures.map(|name| format!("STACKER__RATE_LIMITS__{name}"));
    let mut variables: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "1")).collect();
    variables.push(("STACKER__RATE_LIMITS__ENABLED", "false"));
    let app = spawn_with(&variables).await;
    let ada = app.client("ada").await;
    for _ in 0..5 {
        let answers = [
            send(ada.get("/project")).await,
            send(ada.post("/check").json(&json!({"compose": "services: {}\n"}))).await,
            send(ada.post("/api/v1/tokens").json(&json!({"name": "t"}))).await,
            send(app.anonymous().get(app.url("/health_check"))).await,
            send(app.anonymous().get(app.url("/project")).bearer_auth("stk_guess")).await,
        ];
        for answer in answers {
            assert_ne!(answer.status(), StatusCode::TOO_MANY_REQUESTS);
            assert_eq!(number(&answer, "ratelimit-limit"), None);
        }
    }
}

#[tokio::test]
async fn addresses_behind_a_trusted_proxy_count_for_themselves_and_networks_of_ipv6_together() {
    let app =
        spawn_with(&[("STACKER__RATE_LIMITS__ANONYMOUS", "2"), ("STACKER__TRUSTED_PROXIES", "127.0.0.0/8")])
            .await;
    for _ in 0..2 {
        assert_eq!(send(from(&app, "198.51.100.1")).await.status(), 200);
    }
    too_many(send(from(&app, "198.51.100.1")).await, "too-many-requests").await;
    assert_eq!(send(from(&app, "198.51.100.2")).await.status(), 200);

    assert_eq!(send(from(&app, "2001:db8:0:1::1")).await.status(), 200);
    assert_eq!(send(from(&app, "2001:db8:0:1:ffff::2")).await.status(), 200);
    too_many(send(from(&app, "2001:db8:0:1::3")).await, "too-many-requests").await;
    assert_eq!(send(from(&app, "2001:db8:0:2::1")).await.status(), 200);
    // Without a trusted proxy, the client's own statement of its address is ignored.
    let direct = spawn_with(&[("STACKER__RATE_LIMITS__ANONYMOUS", "2")]).await;
    for number in 0..2 {
        assert_eq!(send(from(&direct, &format!("198.51.100.{number}"))).await.status(), 200);
    }
    too_many(send(from(&direct, "198.51.100.9")).await, "too-many-requests").await;
}

#[tokio::test]
async fn an_account_with_another_role_has_the_figure_of_that_role() {
    let app = spawn_with(&[("STACKER__RATE_LIMITS__USER", "2")]).await;
    let (user, admin) = (app.client("ada").await, app.admin("ada").await);
    for _ in 0..2 {
        assert_eq!(send(user.get("/project")).await.status(), 200);
    }
    too_many(send(user.get("/project")).await, "too-many-requests").await;
    assert_eq!(figures(&send(admin.get("/project")).await), (12_000, 11_999));
    too_many(send(user.get("/project")).await, "too-many-requests").await;
}

#[tokio::test]
async fn what_is_dearer_is_limited_by_itself() {
    let app = spawn_with(&[
        ("STACKER__RATE_LIMITS__CHECKS", "1"),
        ("STACKER__RATE_LIMITS__CREDENTIALS", "1"),
        ("STACKER__RATE_LIMITS__ENROLMENTS", "1"),
    ])
    .await;
    let ada = app.client("ada").await;
    let check = || ada.post("/check").json(&json!({"compose": "services: {}\n"}));
    assert_eq!(send(check()).await.status(), 200);
    too_many(send(check()).await, "too-many-checks").await;

    assert_eq!(send(ada.post("/api/v1/tokens").json(&json!({"name": "t"}))).await.status(), 201);
    for (method, path) in [
        (Method::POST, "/api/v1/tokens"),
        (Method::POST, "/client"),
        (Method::POST, "/apiclient"),
        (Method::PUT, "/client/1"),
    ] {
        let request = ada.request(method, path).json(&json!({"name": "t"}));
        too_many(send(request).await, "too-many-credentials").await;
    }

    let host = send(ada.post("/api/v1/hosts").json(&json!({"name": "attic"}))).await;
    assert_eq!(host.status(), 201);
    for path in [
        "/api/v1/hosts",
        "/api/v1/hosts/0195f0a0-0000-7000-8000-000000000000/enrolment",
        "/api/v1/hosts/0195f0a0-0000-7000-8000-000000000000/rotate-token",
        "/api/v1/deployments/x/enrolment",
    ] {
        too_many(send(ada.post(path).json(&json!({"name": "attic"}))).await, "too-many-enrolments").await;
    }
    // Reading is not costly, and other accounts have their own quotas.
    for path in ["/project", "/api/v1/tokens", "/api/v1/hosts", "/client"] {
        assert_eq!(send(ada.get(path)).await.status(), 200, "{path}");
    }
    let bob = app.client("bob").await;
    assert_eq!(send(bob.post("/api/v1/tokens").json(&json!({"name": "t"}))).await.status(), 201);
}

#[tokio::test]
async fn a_guess_costs_its_address_ten_requests() {
    let app = spawn_with(&[("STACKER__RATE_LIMITS__ADDRESS", "100")]).await;
    for _ in 0..10 {
        let guess = app.anonymous().get(app.url("/project")).bearer_auth("stk_guess");
        assert_ne!(send(guess).await.status(), 200);
    }
    let mut answer = send(app.anonymous().get(app.url("/health_check"))).await;
    for _ in 0..20 {
        if answer.status() == StatusCode::TOO_MANY_REQUESTS {
            break;
        }
        answer = send(app.anonymous().get(app.url("/health_check"))).await;
    }
    too_many(answer, "too-many-requests").await;
}

#[tokio::test]
async fn wrong_credentials_are_limited_by_address_and_say_so() {
    let app = spawn_with(&[("STACKER__RATE_LIMITS__FAILURES", "2")]).await;
    let ada = app.client("ada").await;
    let guess = || app.anonymous().get(app.url("/project")).bearer_auth("stk_guess");
    for _ in 0..2 {
        assert_eq!(send(guess()).await.status(), 401);
    }
    too_many(send(guess()).await, "too-many-attempts").await;
    assert_eq!(send(ada.get("/project")).await.status(), 200, "others at the address go on");
}

#[tokio::test]
async fn agents_are_served_whatever_their_address_does_and_each_has_its_own_figure() {
    let app =
        spawn_with(&[("STACKER__RATE_LIMITS__ADDRESS", "6"), ("STACKER__RATE_LIMITS__AGENT", "2")]).await;
    let (agent, other) = (app.agent_of("ada").await, app.agent_of("bob").await);
    while send(app.anonymous().get(app.url("/health_check"))).await.status() == 200 {}

    let command = json!({"deployment_hash": agent.hash, "command_type": "backup"});
    let command = serde_json::from_value(command).unwrap();
    let command = app.services.commands().create(&caller("ada"), command).await.unwrap();
    let polled = send(agent.get(&agent.wait_path())).await;
    assert_eq!(number(&polled, "ratelimit-limit"), None, "a poll carries nothing extra");
    let polled: Value = polled.json().await.unwrap();
    assert_eq!(polled["item"]["command_id"], command.command_id.as_str());
    for _ in 0..2 {
        assert_eq!(agent.report(&command.command_id, "success").await.status(), 200);
    }
    too_many(agent.report(&command.command_id, "success").await, "too-many-requests").await;
    assert_eq!(other.report("cmd_0", "success").await.status(), 404);
    // A request that does not claim to come from an agent is still limited by its address.
    let stranger = app.anonymous().post(app.url("/api/v1/agent/commands/report")).bearer_auth("guess");
    too_many(send(stranger).await, "too-many-requests").await;
}

/// Loads pages until one is refused. The sign-in has used part of the quota already.
async fn used_up(app: &TestApp, browser: &Client) -> Response {
    for _ in 0..40 {
        let answer = send(browser.get(app.url("/")).header("accept", "text/html")).await;
        if answer.status() == StatusCode::TOO_MANY_REQUESTS {
            return answer;
        }
        assert_eq!(answer.status(), 200);
        assert_eq!(figures(&answer).0, 10);
    }
    panic!("it was never too many");
}

#[tokio::test]
async fn a_page_a_form_and_a_server_function_say_it_in_words_for_people() {
    let app =
        spawn_with(&[("STACKER__RATE_LIMITS__ADMIN", "10"), ("STACKER__RATE_LIMITS__USER", "10")]).await;
    let browser = app.signed_in().await;
    let page = used_up(&app, &browser).await;
    let wait = number(&page, "retry-after").unwrap();
    assert!(page.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
    assert!(page.headers().contains_key("content-security-policy"));
    let text = page.text().await.unwrap();
    assert!(text.contains("Too many requests") && text.contains(&format!("Wait {wait} s")), "{text}");

    let form = browser.post(app.url("/projects/1/duplicate")).header("sec-fetch-site", "same-origin");
    let form = send(form.header("accept", "text/html")).await;
    assert_eq!(form.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(form.text().await.unwrap().contains("Nothing was changed"));

    let asked = browser.post(app.url("/rpc/projects/list")).header("sec-fetch-site", "same-origin");
    let asked = send(asked.header("accept", "application/json").form(&[("search", "")])).await;
    assert_eq!(asked.status(), StatusCode::TOO_MANY_REQUESTS);
    let wait = number(&asked, "retry-after").unwrap();
    let body: Value = asked.json().await.unwrap();
    assert_eq!(body, json!({"too-many-requests": {"seconds": wait}}));

    // Files such as `/openapi.json` are not counted.
    assert_eq!(send(browser.get(app.url("/openapi.json"))).await.status(), 200);
}

#[tokio::test]
async fn ways_to_the_provider_and_back_are_limited_by_address() {
    let app = spawn_with(&[
        ("STACKER__RATE_LIMITS__PROVIDER_SIGN_IN", "2"),
        ("STACKER__OAUTH__CLIENT_ID", "stacker"),
        ("STACKER__OAUTH__AUTHORIZE_URL", "http://127.0.0.1:9/authorize"),
        ("STACKER__OAUTH__TOKEN_URL", "http://127.0.0.1:9/token"),
        ("STACKER__OAUTH__USER_INFO_URL", "http://127.0.0.1:9/me"),
    ])
    .await;
    let depart = || app.anonymous().get(app.url("/sign-in/provider"));
    assert_eq!(send(depart()).await.status(), StatusCode::SEE_OTHER);
    assert_eq!(send(depart()).await.status(), StatusCode::SEE_OTHER);
    too_many(send(depart()).await, "too-many-attempts").await;
    let back = send(app.anonymous().get(app.url("/sign-in/callback?code=x&state=y"))).await;
    too_many(back, "too-many-attempts").await;
    let read = send(depart().header("accept", "text/html")).await;
    assert_eq!(read.headers()["location"], "/sign-in?notice=too-many-attempts");
}

#[tokio::test]
async fn pages_of_other_origins_may_read_what_is_left() {
    let app = spawn_with(&[("STACKER__CORS__ALLOWED_ORIGINS", "https://app.example")]).await;
    let request = app.anonymous().get(app.url("/health_check")).header("origin", "https://app.example");
    let exposed =
        send(request).await.headers()["access-control-expose-headers"].to_str().unwrap().to_lowercase();
    for name in ["ratelimit-limit", "ratelimit-remaining", "ratelimit-reset", "retry-after"] {
        assert!(exposed.contains(name), "{exposed}");
    }
}
