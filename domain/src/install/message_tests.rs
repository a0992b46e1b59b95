//! The golden files hold the messages byte for byte, in one line. `deploy.json` is a request of an existing client, shortened.

use serde_json::{Value, json};

use super::{InstallMessage, MessageCloud, RegistryCredentials, config_files};
use crate::{
    cloud::{DeployBody, Secret, SecretKind},
    form::{Form, of_stack, to_stack},
    stack::Stack,
};

const DEPLOY: &str = include_str!("../../tests/install/deploy.json");

/// The message for the request, without credentials that are stored and without additions.
fn message() -> InstallMessage {
    let request: Value = serde_json::from_str(DEPLOY).unwrap();
    let body = DeployBody::parse(&request).unwrap();
    let form = Form::parse(&json!({"custom": request["project"]})).unwrap();
    let metadata = of_stack(&to_stack(&form).unwrap(), Some(&form.to_json()));
    InstallMessage {
        id: 12,
        project_id: 7,
        deployment_hash: "deployment_5f0c9cbe-9b0e-4b86-8f7a-3c6a2f1f9f10".to_owned(),
        deployment_id: 12,
        user_token: "user-1".to_owned(),
        user_email: "user@example.com".to_owned(),
        cloud: MessageCloud::direct(&body.cloud),
        server: body.server,
        stack: body.stack,
        custom: metadata["custom"].clone(),
        docker_compose: vec![11, 128, 255, 0, 3],
        registry: None,
        environment: [].into(),
        common_domain: body.common_domain,
        config_files: Vec::new(),
    }
}

fn golden(text: &str) -> &str {
    text.trim_end_matches('\n')
}

#[test]
fn credentials_of_the_request_are_sent_as_they_came() {
    let expected = golden(include_str!("../../tests/install/direct.json"));
    assert_eq!(message().to_json().unwrap(), expected);
}

#[test]
fn parts_that_a_stored_cloud_lacks_are_empty_texts() {
    let token = |kind| (kind == SecretKind::Token).then(|| Secret::new("stored-token"));
    let saved = InstallMessage { cloud: MessageCloud::saved("htz", token), ..message() };
    assert_eq!(saved.to_json().unwrap(), golden(include_str!("../../tests/install/saved.json")));
}

#[test]
fn what_newer_installers_read_is_added_at_the_end() {
    let compose = "services: {}\nconfigs:\n  motd:\n    content: costs $$5\n";
    let added = InstallMessage {
        registry: Some(RegistryCredentials {
            username: "user".to_owned(),
            password: Secret::new("registry-password"),
            server: "ghcr.io".to_owned(),
        }),
        environment: [("DB_PASSWORD".to_owned(), Secret::new("a$b"))].into(),
        common_domain: Some("shop.example.com".to_owned()),
        config_files: config_files(&Stack::read(compose)),
        ..message()
    };
    assert_eq!(added.to_json().unwrap(), golden(include_str!("../../tests/install/additions.json")));
}

#[test]
fn the_keys_are_those_of_0_2_1_in_their_order() {
    let keys: indexmap::IndexMap<String, Value> =
        serde_json::from_str(&message().to_json().unwrap()).unwrap();
    let expected = [
        "id",
        "project_id",
        "deployment_hash",
        "deployment_id",
        "user_token",
        "user_email",
        "user_id",
        "provider",
        "cloud_token",
        "cloud_key",
        "cloud_secret",
        "save_token",
        "region",
        "zone",
        "server",
        "os",
        "disk_type",
        "srv_ip",
        "ssh_port",
        "ssh_user",
        "stack_code",
        "vars",
        "integrated_features",
        "extended_features",
        "subscriptions",
        "form_app",
        "custom",
        "docker_compose",
    ];
    assert_eq!(keys.keys().collect::<Vec<_>>(), expected);
}

#[test]
fn a_message_shows_no_secret_in_debug() {
    let shown = format!("{:?}", message());
    assert!(shown.contains("deployment_5f0c9cbe") && !shown.contains("token-of-the-cloud"), "{shown}");
}
