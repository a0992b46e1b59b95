//! Credentials of programs, over REST.

use hmac::{Hmac, KeyInit as _, Mac as _};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::helpers::{TestApp, form, spawn_app};

pub struct Program {
    pub id: i64,
    secret: String,
}

impl Program {
    pub async fn of(app: &TestApp, user: &str, body: Value) -> Self {
        let answer = app.client(user).await.post("/client").json(&body).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        let made: Value = answer.json().await.unwrap();
        assert_eq!(made["message"], "Ok");
        let item = &made["item"];
        Self { id: item["id"].as_i64().unwrap(), secret: item["secret"].as_str().unwrap().to_owned() }
    }

    fn sign(&self, text: &[u8]) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.secret.as_bytes()).unwrap();
        mac.update(text);
        hex::encode(mac.finalize().into_bytes())
    }

    pub fn signed(&self, app: &TestApp, method: Method, path: &str, body: &str) -> RequestBuilder {
        app.anonymous()
            .request(method, app.url(path))
            .header("stacker-id", self.id)
            .header("stacker-hash", self.sign(body.as_bytes()))
            .header("content-type", "application/json")
            .body(body.to_owned())
    }
}

#[tokio::test]
async fn a_program_signs_and_works_with_the_projects_of_its_owner() {
    let app = spawn_app().await;
    let program = Program::of(&app, "alice", json!({"name": "billing"})).await;

    let hers = app.client("alice").await.create(&form("hers")).await;
    let read = program.signed(&app, Method::GET, &format!("/project/{hers}"), "").send().await.unwrap();
    assert_eq!(read.status(), 200);
    let body = form("made by a program").to_string();
    let made = program.signed(&app, Method::POST, "/project", &body).send().await.unwrap();
    assert_eq!(made.status(), 200);
    let listed = app.client("alice").await.get_json("/project").await;
    assert_eq!(listed["list"].as_array().unwrap().len(), 2);

    // The client is limited to its scope and to what its owner can access.
    let others = app.client("bob").await.create(&form("his")).await;
    let foreign = program.signed(&app, Method::GET, &format!("/project/{others}"), "").send().await.unwrap();
    assert_eq!(foreign.status(), 404);
    let host = program.signed(&app, Method::POST, "/api/v1/hosts", r#"{"name":"x"}"#).send().await.unwrap();
    assert_eq!(host.status(), 403);
}

#[tokio::test]
async fn a_body_without_its_length_is_signed_as_well_and_one_that_is_too_long_is_not_kept() {
    let app = spawn_app().await;
    let program = Program::of(&app, "alice", json!({})).await;
    let body = form("in pieces").to_string();
    let (head, tail) = body.split_at(10);
    let pieces: Vec<Result<String, std::io::Error>> = vec![Ok(head.to_owned()), Ok(tail.to_owned())];
    let chunked = program
        .signed(&app, Method::POST, "/project", &body)
        .body(reqwest::Body::wrap_stream(futures::stream::iter(pieces)))
        .send()
        .await
        .unwrap();
    assert_eq!(chunked.status(), 200);

    let endless = futures::stream::repeat_with(|| Ok::<_, std::io::Error>(vec![b'x'; 64 * 1024]));
    let refused = program
        .signed(&app, Method::POST, "/project", "")
        .body(reqwest::Body::wrap_stream(endless))
        .send()
        .await;
    // The response can arrive while the body is still being sent, which some systems treat as a broken connection.
    if let Ok(answer) = refused {
        assert_eq!(answer.status(), 413);
    }
}

#[tokio::test]
async fn a_signature_over_more_is_believed_once() {
    let app = spawn_app().await;
    let program = Program::of(&app, "alice", json!({"hardened": true})).await;
    let plain = program.signed(&app, Method::POST, "/test/deploy", "{}").send().await.unwrap();
    assert_eq!(plain.status(), 401);

    let timestamp = app.services.context().clock.now().timestamp();
    let digest = hex::encode(Sha256::digest(b"{}"));
    let text = format!("POST\n/test/deploy?x=1\n{timestamp}\nnonce-0001\n{digest}");
    let hardened = || {
        app.anonymous()
            .post(app.url("/test/deploy?x=1"))
            .header("stacker-id", program.id)
            .header("stacker-hash", program.sign(text.as_bytes()))
            .header("stacker-timestamp", timestamp)
            .header("stacker-nonce", "nonce-0001")
            .body("{}")
    };
    let first = hardened().send().await.unwrap();
    assert_eq!(first.status(), 200);
    let again = hardened().send().await.unwrap();
    assert_eq!(again.status(), 401);
    assert_eq!(again.json::<Value>().await.unwrap()["code"], "signature-stale");
}

#[tokio::test]
async fn a_secret_is_shown_once() {
    let app = spawn_app().await;
    let program = Program::of(&app, "alice", json!({"name": "billing"})).await;
    let alice = app.client("alice").await;

    let known = program.signed(&app, Method::POST, "/test/deploy", "").send().await.unwrap();
    assert_eq!(known.status(), 200);
    let known: Value = known.json().await.unwrap();
    assert_eq!(known, json!({"message": "success", "item": {"id": program.id, "user_id": "alice"}}));
    let by_user = alice.post("/test/deploy").send().await.unwrap();
    assert_eq!(by_user.status(), 403);

    let path = format!("/client/{}", program.id);
    for answer in [alice.get_json("/client").await, alice.get_json(&path).await] {
        assert!(!answer.to_string().contains(&program.secret[..20]), "{answer}");
    }
    let put = async |path: &str| {
        let answer = alice.put(path).send().await.unwrap();
        (answer.status().as_u16(), answer.json::<Value>().await.unwrap())
    };
    let (status, rotated) = put(&path).await;
    assert_eq!((status, &rotated["message"]), (200, &json!("success")));
    assert_ne!(rotated["item"]["secret"], program.secret);
    let (status, disabled) = put(&format!("{path}/disable")).await;
    assert_eq!((status, &disabled["item"]["secret"]), (200, &Value::Null));
    let (status, twice) = put(&format!("{path}/disable")).await;
    assert_eq!((status, &twice["message"]), (400, &json!("client is not active")));
    let (status, enabled) = put(&format!("{path}/enable")).await;
    assert_eq!((status, enabled["item"]["secret"].as_str().map(str::len)), (200, Some(255)));
    let alias = alice.post("/apiclient").send().await.unwrap();
    assert_eq!(alias.status(), 200);
}

#[tokio::test]
async fn others_do_not_find_a_client_or_a_token() {
    let app = spawn_app().await;
    let program = Program::of(&app, "alice", json!({})).await;
    let token = app.client("alice").await.post("/api/v1/tokens").json(&json!({"name": "ci"}));
    let token: Value = token.send().await.unwrap().json().await.unwrap();
    let bob = app.client("bob").await;
    let client = format!("/client/{}", program.id);
    let requests = [
        bob.get(&client),
        bob.put(&client),
        bob.put(&format!("{client}/enable")),
        bob.put(&format!("{client}/disable")),
        bob.delete(&client),
        bob.delete(&format!("/api/v1/tokens/{}", token["item"]["id"].as_str().unwrap())),
    ];
    for request in requests {
        let answer = request.send().await.unwrap();
        let what = answer.url().clone();
        assert_eq!(
            (answer.status().as_u16(), answer.json::<Value>().await.unwrap()["code"].clone()),
            (404, json!("not-found")),
            "{what}"
        );
    }
    let listed = bob.get_json("/client").await;
    assert_eq!(listed["list"], json!([]));
}

#[tokio::test]
async fn a_token_works_until_it_is_revoked() {
    let app = spawn_app().await;
    let alice = app.client("alice").await;
    let made =
        alice.post("/api/v1/tokens").json(&json!({"name": "ci", "scope": "read"})).send().await.unwrap();
    assert_eq!(made.status(), 201);
    let made: Value = made.json().await.unwrap();
    let (id, bearer) = (made["item"]["id"].as_str().unwrap(), made["item"]["token"].as_str().unwrap());
    let ask = async |method: Method, path: &str| {
        let request = app.anonymous().request(method, app.url(path)).bearer_auth(bearer);
        request.json(&form("x")).send().await.unwrap().status().as_u16()
    };
    assert_eq!(ask(Method::GET, "/project").await, 200);
    assert_eq!(ask(Method::POST, "/project").await, 403);
    assert_eq!(ask(Method::POST, "/api/v1/tokens").await, 400);

    assert_eq!(alice.delete(&format!("/api/v1/tokens/{id}")).send().await.unwrap().status(), 200);
    assert_eq!(ask(Method::GET, "/project").await, 401);
    let listed = alice.get_json("/api/v1/tokens").await;
    assert!(!listed["list"].to_string().contains("\"ci\""), "{listed}");
}
