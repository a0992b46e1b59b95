//! Malicious agents and clients: they get the right status, cause no panic and do not affect others.

use std::{collections::BTreeMap, sync::Arc};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use reqwest::header::CONTENT_TYPE;
use serde_json::{Value, json};
use sha2::Sha256;
use stacker::context::Clock as _;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    sync::mpsc,
    task::JoinSet,
};

use super::enqueue;
use crate::helpers::{TestApp, spawn_app, spawn_with, spawn_without_rate_limits};

const REPORT: &str = "/api/v1/agent/commands/report";

/// Checks that another user's agent still gets its command.
async fn others_are_unharmed(app: &TestApp) {
    let (client, agent) = (app.client("carol").await, app.agent_of("carol").await);
    let id = enqueue(&client, &agent.hash, "restart").await;
    let answer = agent.polling().await.unwrap();
    assert_eq!(answer["item"]["command_id"], id.as_str());
    assert_eq!(agent.report(&id, "success").await.status(), 200);
}

#[tokio::test]
async fn an_agent_reaches_nothing_of_another() {
    let app = spawn_without_rate_limits().await;
    let (hers, his) = (app.agent_of("alice").await, app.agent_of("bob").await);
    let client = app.client("alice").await;
    let id = enqueue(&client, &hers.hash, "restart").await;

    let path = format!("/api/v1/agent/commands/wait/{}?timeout=5", hers.hash);
    let foreign = his.get(&path).send().await.unwrap();
    assert_eq!(foreign.status(), 403);
    assert_eq!(foreign.json::<Value>().await.unwrap()["message"], "Not authorized for this deployment");
    let report = his.post(REPORT).json(&hers.report_body(&id, "success")).send().await.unwrap();
    assert_eq!(report.status(), 403);
    let disguised = his.post(REPORT).json(&his.report_body(&id, "success")).send().await.unwrap();
    assert_eq!(disguised.status(), 404);
    for path in ["/api/v1/commands/x", "/project"] {
        let answer = his.get(path).send().await.unwrap();
        assert_eq!(answer.status(), 403, "{path}: agents are no users");
        assert_eq!(answer.json::<Value>().await.unwrap()["code"], "forbidden");
        for (id, token) in [(his.id.as_str(), "guess"), ("no uuid", his.token.as_str())] {
            let guess = app.anonymous().get(app.url(path)).header("x-agent-id", id).bearer_auth(token);
            assert_eq!(guess.send().await.unwrap().status(), 401, "{path}");
        }
    }
    assert_eq!(
        client.get_json(&format!("/api/v1/commands/{}/{id}", hers.hash)).await["item"]["status"],
        "queued"
    );
    others_are_unharmed(&app).await;
}

#[tokio::test]
async fn bodies_that_mean_harm_are_refused_one_by_one() {
    let app = spawn_without_rate_limits().await;
    let agent = app.agent_of("alice").await;
    let send = |body: Vec<u8>| agent.post(REPORT).header(CONTENT_TYPE, "application/json").body(body).send();

    for (body, status) in [
        (b"{".to_vec(), 400),
        (vec![0xff; 100], 400),
        (b"{}".to_vec(), 400),
        ("[".repeat(100_000).into_bytes(), 400),
        (vec![b' '; 3 * 1024 * 1024], 413),
    ] {
        let size = body.len();
        assert_eq!(send(body).await.unwrap().status(), status, "{size} bytes");
    }
    let text = agent.post(REPORT).header(CONTENT_TYPE, "text/plain").body("{}").send().await.unwrap();
    assert_eq!(text.status(), 415);
    for command_id in ["nul\0", "", &"x".repeat(100_000)] {
        assert_eq!(agent.report(command_id, "success").await.status(), 404);
    }
    assert_eq!(agent.report("cmd_0", "perhaps").await.status(), 400);
    others_are_unharmed(&app).await;
}

#[tokio::test]
async fn a_nul_in_a_result_is_kept_as_something_else() {
    let app = spawn_app().await;
    let (client, agent) = (app.client("alice").await, app.agent_of("alice").await);
    let id = enqueue(&client, &agent.hash, "backup").await;
    agent.polling().await.unwrap();
    let mut body = agent.report_body(&id, "success");
    body["result"] = json!({"out\u{0}": "a\u{0}b"});
    assert_eq!(agent.post(REPORT).json(&body).send().await.unwrap().status(), 200);
    let kept = client.get_json(&format!("/api/v1/commands/{}/{id}", agent.hash)).await;
    assert_eq!(kept["item"]["result"], json!({"out\u{fffd}": "a\u{fffd}b"}));
}

#[tokio::test]
async fn a_client_gives_commands_to_its_own_deployments_only_and_in_order() {
    let app = spawn_app().await;
    let (hers, mallory) = (app.agent_of("alice").await, app.client("mallory").await);
    let own = app.deployment_of("mallory").await;
    let body = |hash: &str, name: &str| json!({"deployment_hash": hash, "command_type": name});
    for (request, status) in [
        (body(&hers.hash, "health"), 400),
        (body(&hers.hash, "backup"), 404),
        (body("unknown", "backup"), 404),
        (body("nul\u{0}", "backup"), 400),
        (body(&own, "rm -rf /"), 400),
        (body(&own, ""), 400),
        (body("", "backup"), 400),
        (json!({"deployment_hash": own, "command_type": "backup", "timeout_seconds": 0}), 400),
        (json!({"deployment_hash": own, "command_type": "backup", "parameters": {"a": "\u{0}"}}), 400),
        (json!({"deployment_hash": own, "command_type": "backup", "metadata": ["\u{0}"]}), 400),
        (json!({"deployment_hash": own, "command_type": "backup"}), 201),
    ] {
        for path in ["/api/v1/commands", "/api/v1/agent/commands/enqueue"] {
            let answer = mallory.post(path).json(&request).send().await.unwrap();
            assert_eq!(answer.status(), status, "{path} {request}");
        }
    }
    for path in [format!("/api/v1/commands/{}", hers.hash), "/api/v1/commands/%00".to_owned()] {
        assert_eq!(mallory.get(&path).send().await.unwrap().status(), 404, "{path}");
    }
    let odd = mallory.get(&format!("/api/v1/commands/{own}?since=yesterday")).send().await.unwrap();
    assert_eq!(odd.status(), 400);
    others_are_unharmed(&app).await;
}

/// Sends ten thousand polls of one agent, many at a time, and counts the statuses. Meanwhile, others are served.
async fn ten_thousand_polls(app: &TestApp) -> BTreeMap<u16, usize> {
    const POLLS: usize = 10_000;
    let agent = Arc::new(app.agent_of("alice").await);
    let (send, mut receive) = mpsc::channel(64);
    let mut pollers = JoinSet::new();
    for _ in 0..64 {
        let (agent, send) = (agent.clone(), send.clone());
        pollers.spawn(async move {
            let path = agent.wait_path();
            while let Ok(answer) = agent.get(&path).send().await {
                let status = answer.status().as_u16();
                let read = answer.bytes().await.is_ok();
                if !read || send.send(status).await.is_err() {
                    return;
                }
            }
        });
    }
    let mut statuses = BTreeMap::new();
    for number in 0..POLLS {
        if number == POLLS / 2 {
            others_are_unharmed(app).await;
        }
        *statuses.entry(receive.recv().await.unwrap()).or_default() += 1;
    }
    statuses
}

#[tokio::test]
async fn ten_thousand_polls_of_one_agent_are_answered_and_few_are_held() {
    let app = spawn_without_rate_limits().await;
    let statuses = ten_thousand_polls(&app).await;
    assert_eq!(statuses.into_keys().collect::<Vec<_>>(), [200]);
    assert!(app.services.hub().waiting() <= 5);
}

#[tokio::test]
async fn ten_thousand_polls_of_one_agent_are_sent_home_where_rates_are_limited() {
    let app = spawn_app().await;
    let statuses = ten_thousand_polls(&app).await;
    assert!(statuses[&429] > 5_000, "{statuses:?}");
    assert!(statuses.into_keys().all(|status| [200, 429].contains(&status)));
}

#[tokio::test]
async fn what_was_signed_long_ago_or_comes_again_is_refused_where_signatures_are_required() {
    let app = spawn_with(&[("STACKER__AGENTS__REQUIRE_SIGNATURES", "true")]).await;
    let agent = app.agent_of("alice").await;
    let now = app.clock.now().timestamp();
    let mut mac = Hmac::<Sha256>::new_from_slice(agent.token.as_bytes()).unwrap();
    mac.update(b"{}");
    let signature = STANDARD.encode(mac.finalize().into_bytes());
    let send = async |timestamp: i64, request_id: &str| {
        let request = agent
            .post(REPORT)
            .header("x-timestamp", timestamp)
            .header("x-request-id", request_id)
            .header("x-agent-signature", &signature)
            .header(CONTENT_TYPE, "application/json")
            .body("{}");
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.json::<Value>().await.unwrap()["code"].as_str().unwrap().to_owned())
    };
    // The agent is authenticated, and then its body is refused because it is not a valid report.
    assert_eq!(send(now, "one").await, (400, "invalid-body".to_owned()));
    assert_eq!(send(now, "one").await, (409, "replayed".to_owned()));
    assert_eq!(send(now, "two").await.0, 400);
    for off in [-301, 301] {
        assert_eq!(send(now + off, "three").await, (401, "clock-off".to_owned()), "{off} s off");
    }
    assert_eq!(send(now, "").await, (401, "signature-required".to_owned()));
}

#[tokio::test]
async fn guessing_tokens_is_slowed_down_and_tells_nothing() {
    let app = spawn_app().await;
    let agent = app.agent_of("alice").await;
    let mut answers = Vec::new();
    for id in [agent.id.as_str(), "0195f0a0-0000-7000-8000-000000000000", "no uuid"].iter().cycle().take(150)
    {
        let request = app.anonymous().get(app.url(&agent.wait_path())).header("x-agent-id", *id);
        let answer = request.bearer_auth("guess").send().await.unwrap();
        let status = answer.status().as_u16();
        // An agent fetches its new token only after a 401, so callers behind the same address must not turn that into a 429.
        assert!(status == 401 || *id != agent.id, "an agent that is there");
        answers.push((status, answer.text().await.unwrap()));
    }
    assert!(answers.iter().any(|(status, _)| *status == 429));
    answers.sort();
    answers.dedup();
    assert_eq!(answers.len(), 2, "one text for each status, whatever was wrong: {answers:?}");
}

#[tokio::test]
async fn a_wrong_signature_and_a_slow_body_get_nowhere() {
    let app = spawn_without_rate_limits().await;
    let agent = app.agent_of("alice").await;
    let forged = agent.get(&agent.wait_path()).header("x-agent-signature", STANDARD.encode([0; 32]));
    assert_eq!(forged.send().await.unwrap().status(), 401);

    let mut stream = tokio::net::TcpStream::connect(&app.address).await.unwrap();
    let head = format!(
        "POST {REPORT} HTTP/1.1\r\nhost: x\r\nx-agent-id: {}\r\nauthorization: Bearer guess\r\ncontent-type: application/json\r\ncontent-length: 2000000\r\n\r\n{{",
        agent.id
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    others_are_unharmed(&app).await;
    // A caller without valid credentials can be as slow as it likes: it blocks no other caller and is not let in.
    drop(stream);

    let mut stream = tokio::net::TcpStream::connect(&app.address).await.unwrap();
    let head = head.replace("Bearer guess", "Basic x");
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = vec![0; 12];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(String::from_utf8_lossy(&answer), "HTTP/1.1 401", "before the body has come");
}

#[tokio::test]
async fn a_body_that_never_ends_is_not_waited_for() {
    let variables = [("STACKER__LIMITS__REQUEST_TIMEOUT_SECS", "3")];
    let app = spawn_with(&variables).await;
    let agent = app.agent_of("alice").await;
    for (method, path) in [("GET", agent.wait_path()), ("POST", REPORT.to_owned())] {
        let mut stream = tokio::net::TcpStream::connect(&app.address).await.unwrap();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: x\r\nx-agent-id: {}\r\nauthorization: Bearer guess\r\ncontent-type: application/json\r\ncontent-length: 2000\r\n\r\n{{",
            agent.id
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = vec![0; 12];
        stream.read_exact(&mut answer).await.unwrap();
        assert_eq!(String::from_utf8_lossy(&answer), "HTTP/1.1 408", "{path}");
    }
}

#[tokio::test]
async fn only_trusted_proxies_are_believed_about_who_is_behind_them() {
    let guesses = async |app: &TestApp| {
        let mut statuses = Vec::new();
        for number in 0..80 {
            let guess = app.anonymous().get(app.url("/project")).bearer_auth("stk_guess");
            let guess = guess.header("x-forwarded-for", format!("198.51.100.{number}"));
            statuses.push(guess.send().await.unwrap().status().as_u16());
        }
        statuses
    };
    assert!(guesses(&spawn_app().await).await.contains(&429));
    let app = spawn_with(&[("STACKER__TRUSTED_PROXIES", "127.0.0.0/8")]).await;
    assert!(guesses(&app).await.iter().all(|status| *status == 401));
}
