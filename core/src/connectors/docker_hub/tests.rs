mod asking;
mod redis;

use serde_json::{Value, json};
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{header, method, path, query_param, query_param_is_missing},
};

use super::*;

fn settings(server: &MockServer) -> BrowseSettings {
    drop(rustls::crypto::aws_lc_rs::default_provider().install_default());
    BrowseSettings::new(server.uri().parse().unwrap())
}

fn ok(body: Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(body)
}

fn found() -> Value {
    json!({"count": 1, "results": [{"repo_name": "acme/shop", "short_description": "sells"}]})
}
