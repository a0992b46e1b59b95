mod caching;
mod looking_up;
mod private;

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use domain::compose::ImageReference;
use serde_json::{Value, json};
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{header, method, path, query_param},
};

use super::*;
use crate::{
    config::Networks,
    connectors::outbound::{AllowList, OutboundClient, OutboundSettings},
};

const AMD64: &str = "sha256:1111111111111111111111111111111111111111111111111111111111111111";
const ARM64: &str = "sha256:2222222222222222222222222222222222222222222222222222222222222222";
const CONFIG: &str = "sha256:3333333333333333333333333333333333333333333333333333333333333333";
const LAYER: &str = "sha256:4444444444444444444444444444444444444444444444444444444444444444";

fn outbound() -> OutboundClient {
    drop(rustls::crypto::aws_lc_rs::default_provider().install_default());
    // Not all of the loopback network, so that some of it can be forbidden ground.
    let allowed = AllowList::new(Networks::parse("127.0.0.1").unwrap(), []);
    OutboundClient::new(OutboundSettings { allowed, ..OutboundSettings::default() }).unwrap()
}

/// Docker Hub and a plain registry, both at this server.
fn client(server: &MockServer) -> RegistryClient {
    let settings = RegistrySettings {
        docker_hub: server.uri(),
        plain_http: BTreeSet::from([server.address().to_string()]),
        ..RegistrySettings::default()
    };
    RegistryClient::new(outbound(), settings)
}

fn image(text: &str) -> ImageReference {
    ImageReference::read(text)
}

/// An image of the plain registry.
fn plain(server: &MockServer, rest: &str) -> ImageReference {
    image(&format!("{}/{rest}", server.address()))
}

fn soon() -> Instant {
    Instant::now() + Duration::from_secs(10)
}

fn ada() -> Credential {
    Credential { username: "ada".to_owned(), password: "hunter2".into() }
}

/// `Basic` of [`ada`].
const ADA: &str = "Basic YWRhOmh1bnRlcjI=";

fn ok(body: Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(body)
}

fn index() -> Value {
    let entry = |digest: &str, platform: Value| {
        json!({"mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": digest, "size": 500,
            "platform": platform})
    };
    json!({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [
        entry(ARM64, json!({"os": "linux", "architecture": "arm64", "variant": "v8"})),
        entry(AMD64, json!({"os": "linux", "architecture": "amd64"})),
        entry(LAYER, json!({"os": "unknown", "architecture": "unknown"})),
    ]})
}

fn single() -> Value {
    let part = |kind: &str, digest: &str, size: u64| {
        let kind = format!("application/vnd.docker.{kind}");
        json!({"mediaType": kind, "digest": digest, "size": size})
    };
    json!({"schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
        "config": part("container.image.v1+json", CONFIG, 100),
        "layers": [part("image.rootfs.diff.tar.gzip", LAYER, 3_000), part("image.rootfs.diff.tar.gzip", AMD64, 400)]})
}

fn configuration() -> Value {
    json!({"os": "linux", "architecture": "arm64", "variant": "v8", "created": "2026-01-02T03:04:05.678Z",
        "history": []})
}

async fn serves(server: &MockServer, at: &str, answer: ResponseTemplate, times: u64) {
    Mock::given(method("GET")).and(path(at)).respond_with(answer).expect(times).mount(server).await;
}

/// Requests without a token are sent to the token server, which gives `token` to everyone.
async fn asks_for_token(registry: &MockServer, token_server: &MockServer, repository: &str, token: &str) {
    let challenge =
        format!("Bearer realm=\"{}/token\",service=\"registry\",scope=\"all:things\"", token_server.uri());
    let refused = ResponseTemplate::new(401).insert_header("www-authenticate", challenge.as_str());
    Mock::given(method("GET")).respond_with(refused).with_priority(9).mount(registry).await;
    Mock::given(path("/token"))
        .and(query_param("service", "registry"))
        .and(query_param("scope", format!("repository:{repository}:pull")))
        .respond_with(ok(json!({"token": token, "expires_in": 300})))
        .mount(token_server)
        .await;
}

async fn serves_to(server: &MockServer, token: &str, at: &str, answer: ResponseTemplate) {
    Mock::given(method("GET"))
        .and(path(at))
        .and(header("authorization", format!("Bearer {token}").as_str()))
        .respond_with(answer)
        .mount(server)
        .await;
}
