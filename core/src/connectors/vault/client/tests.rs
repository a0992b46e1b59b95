use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{body_json, header, method, path},
};

use super::*;
use crate::config::{Settings, Sources};

fn client(server: &MockServer, more: &str) -> VaultClient {
    client_of(&format!("vault:\n  address: {}/\n{more}", server.uri()))
}

fn client_of(text: &str) -> VaultClient {
    drop(rustls::crypto::aws_lc_rs::default_provider().install_default());
    let sources = Sources::default().with_text("configuration.yaml", text);
    VaultClient::new(Settings::load(&sources).unwrap().vault.unwrap()).unwrap()
}

fn body() -> Value {
    json!({"data": {"token": "s3cret", "deployment_hash": "deployment_1"}})
}

async fn expect_stored(server: &MockServer, paths: [&str; 2], token: &str) {
    for at in paths {
        Mock::given(method("POST"))
            .and(path(at))
            .and(header("X-Vault-Token", token))
            .and(body_json(body()))
            .respond_with(ResponseTemplate::new(204))
            .expect(1)
            .mount(server)
            .await;
    }
}

#[tokio::test]
async fn a_token_is_written_where_agents_of_either_kind_read_it() {
    let server = MockServer::start().await;
    expect_stored(
        &server,
        ["/v1/agent/deployment_1/token", "/v1/agent/deployment_1/status_panel_token"],
        "t",
    )
    .await;
    let client = client(&server, "  token: t\n");
    client.store_agent_token("deployment_1", &"s3cret".into()).await.unwrap();
}

#[tokio::test]
async fn version_2_has_data_after_the_mount_whether_it_is_written_or_not() {
    for prefix in ["secret/agent", "secret/data/agent"] {
        let server = MockServer::start().await;
        let at = [
            "/v1/secret/data/agent/deployment_1/token",
            "/v1/secret/data/agent/deployment_1/status_panel_token",
        ];
        expect_stored(&server, at, "t").await;
        let more = format!("  token: t\n  kv_version: 2\n  agent_path_prefix: {prefix}\n");
        client(&server, &more).store_agent_token("deployment_1", &"s3cret".into()).await.unwrap();
    }
}

#[tokio::test]
async fn an_app_role_logs_in_once_and_again_when_its_session_ran_out() {
    let server = MockServer::start().await;
    let session = json!({"request_id": "1", "lease_id": "", "lease_duration": 0, "renewable": false, "auth": {
        "client_token": "session", "accessor": "a", "policies": [], "token_policies": [], "lease_duration": 60,
        "renewable": true, "entity_id": "e", "token_type": "service", "orphan": true}});
    Mock::given(method("POST"))
        .and(path("/v1/auth/approle/login"))
        .and(body_json(json!({"role_id": "r", "secret_id": "s"})))
        .and(header("X-Vault-Namespace", "team"))
        .respond_with(ResponseTemplate::new(200).set_body_json(session.clone()))
        .expect(2)
        .mount(&server)
        .await;
    let secret = json!({"request_id": "1", "lease_id": "", "lease_duration": 0, "renewable": false,
        "data": {"data": {"token": "s3cret"}}});
    let known = ResponseTemplate::new(200).set_body_json(secret);
    for (answer, times) in [(known.clone(), 1), (ResponseTemplate::new(403), 1), (known, 10)] {
        Mock::given(method("GET"))
            .and(header("X-Vault-Token", "session"))
            .respond_with(answer)
            .up_to_n_times(times)
            .mount(&server)
            .await;
    }
    let client = client(&server, "  role_id: r\n  secret_id: s\n  namespace: team\n");
    for _ in 0..2 {
        let token = client.fetch_agent_token("deployment_1").await.unwrap();
        assert_eq!(token.expose_secret(), "s3cret");
    }
}

#[tokio::test]
async fn what_goes_wrong_tells_no_secret() {
    let server = MockServer::start().await;
    Mock::given(method("GET")).respond_with(ResponseTemplate::new(404)).mount(&server).await;
    Mock::given(method("POST")).respond_with(ResponseTemplate::new(503)).mount(&server).await;
    let client = client(&server, "  token: hunter2\n");
    assert_eq!(client.fetch_agent_token("deployment_1").await.unwrap_err(), StoreError::NotFound);
    let error = client.store_agent_token("deployment_1", &"s3cret".into()).await.unwrap_err();
    assert_eq!(error, StoreError::Unavailable("status 503".to_owned()));
    assert!(!format!("{client:?}").contains("hunter2"));
}

#[tokio::test]
async fn a_hash_cannot_leave_its_path() {
    let server = MockServer::start().await;
    let client = client(&server, "  token: t\n");
    let error = client.fetch_agent_token("../../sys/x").await.unwrap_err();
    assert!(matches!(error, StoreError::Refused(_)), "{error:?}");
    assert_eq!(server.received_requests().await.unwrap().len(), 0);
}

#[tokio::test]
async fn the_address_may_have_a_path_and_the_api_any_prefix() {
    for (prefix, at) in [("api/v1", "/behind/api/v1/agent"), ("''", "/behind/agent")] {
        let server = MockServer::start().await;
        let paths = ["token", "status_panel_token"].map(|name| format!("{at}/deployment_1/{name}"));
        expect_stored(&server, [&paths[0], &paths[1]], "t").await;
        let text =
            format!("vault:\n  address: {}/behind/\n  api_prefix: {prefix}\n  token: t\n", server.uri());
        client_of(&text).store_agent_token("deployment_1", &"s3cret".into()).await.unwrap();
    }
}

#[tokio::test]
async fn a_token_that_no_header_holds_stops_the_start() {
    let settings = Settings::load(
        &Sources::default()
            .with_text("configuration.yaml", "vault:\n  address: http://127.0.0.1:1\n  token: \"a\\nb\"\n"),
    );
    let error = VaultClient::new(settings.unwrap().vault.unwrap()).unwrap_err();
    assert!(format!("{error:#}").starts_with("vault.token: has letters"), "{error:#}");
}
