//! What is sent, with which credentials, and what is refused before anything is stored.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    access::ProjectRole,
    api::ImportProject,
    cloud::{CloudBody, DeployBody, ServerBody},
    stack::SecretText,
};
use serde_json::json;
use sqlx::PgPool;
use stacker::services::{DeploymentError, Page};

use super::{Cloudy, compose_of, direct};
use crate::{
    clouds::{TOKEN, hetzner},
    helpers::user,
    sharing::let_in,
};

async fn import(cloudy: &Cloudy, compose: &str) -> i32 {
    let import = ImportProject { name: "Other".to_owned(), compose: compose.to_owned() };
    cloudy.world.services.projects().import(&cloudy.ada, import).await.unwrap().0.id
}

async fn deployments(cloudy: &Cloudy) -> i64 {
    sqlx::query_scalar("select count(*) from deployment").fetch_one(&cloudy.world.pool).await.unwrap()
}

#[sqlx::test(migrations = "../migrations")]
async fn the_message_has_the_keys_that_existing_installers_read(pool: PgPool) {
    let cloudy = Cloudy::new(pool).await;
    let meta = cloudy.deploy().await;
    cloudy.deliver().await;
    let sent = cloudy.sent();
    let message = &sent[0];
    assert_eq!(message["id"], meta.deployment_id);
    assert_eq!(message["deployment_hash"], meta.deployment_hash);
    assert_eq!(message["project_id"], cloudy.project);
    assert_eq!((&message["user_token"], &message["user_email"]), (&json!("ada"), &json!("ada@example.com")));
    assert_eq!((&message["provider"], &message["cloud_token"]), (&json!("htz"), &json!(TOKEN)));
    assert_eq!((&message["cloud_key"], &message["user_id"]), (&json!(null), &json!(null)));
    assert_eq!((&message["region"], &message["zone"]), (&json!("fsn1"), &json!(null)));
    assert_eq!(compose_of(message), crate::deployments::COMPOSE);
    let publication = &cloudy.broker.published()[0];
    assert_eq!(
        (publication.exchange.as_str(), publication.routing_key.as_str()),
        ("install", "install.start.tfa.all.all")
    );
    assert_eq!(cloudy.waiting().await, 0);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_server_of_ones_own_has_another_routing_key_on_both_paths(pool: PgPool) {
    let cloudy = Cloudy::new(pool).await;
    let own = DeployBody {
        cloud: CloudBody { provider: "own_server".to_owned(), ..CloudBody::default() },
        ..direct()
    };
    let services = &cloudy.world.services;
    services.deployments().deploy(&cloudy.ada, cloudy.project, own.clone()).await.unwrap();
    let cloud = CloudBody { provider: "own_server".to_owned(), ..hetzner() };
    let cloud = services.clouds().create(&cloudy.ada, &cloud).await.unwrap();
    services.deployments().deploy_to_cloud(&cloudy.ada, cloudy.project, cloud.id, own).await.unwrap();
    cloudy.deliver().await;
    let keys: Vec<_> = cloudy.broker.published().into_iter().map(|sent| sent.routing_key).collect();
    assert_eq!(keys, ["install.start.own.all.all", "install.start.own.all.all"]);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_stored_cloud_lends_its_secrets_and_absent_ones_are_empty(pool: PgPool) {
    let cloudy = Cloudy::new(pool).await;
    let services = &cloudy.world.services;
    let cloud = services.clouds().create(&cloudy.ada, &hetzner()).await.unwrap();
    let body =
        DeployBody { cloud: CloudBody { provider: "xx".to_owned(), ..CloudBody::default() }, ..direct() };
    services.deployments().deploy_to_cloud(&cloudy.ada, cloudy.project, cloud.id, body).await.unwrap();
    cloudy.deliver().await;
    let message = &cloudy.sent()[0];
    assert_eq!((&message["provider"], &message["cloud_token"]), (&json!("htz"), &json!(TOKEN)));
    assert_eq!(
        (&message["cloud_key"], &message["cloud_secret"], &message["save_token"]),
        (&json!(""), &json!(""), &json!(true))
    );
    assert_eq!(services.clouds().get(&cloudy.ada, cloud.id).await.unwrap().deployments, 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_cloud_without_stored_secrets_uses_those_of_the_request_or_refuses(pool: PgPool) {
    let cloudy = Cloudy::new(pool).await;
    let services = &cloudy.world.services;
    let unsaved = CloudBody { save_token: Some(false), ..hetzner() };
    let cloud = services.clouds().create(&cloudy.ada, &unsaved).await.unwrap();
    let deployments_of = services.deployments();
    let without =
        DeployBody { cloud: CloudBody { provider: "htz".to_owned(), ..CloudBody::default() }, ..direct() };
    let refused = deployments_of.deploy_to_cloud(&cloudy.ada, cloudy.project, cloud.id, without).await;
    assert!(matches!(refused, Err(DeploymentError::CloudCredentialsMissing)));
    assert_eq!((deployments(&cloudy).await, cloudy.waiting().await), (0, 0));
    deployments_of.deploy_to_cloud(&cloudy.ada, cloudy.project, cloud.id, direct()).await.unwrap();
    cloudy.deliver().await;
    assert_eq!(cloudy.sent()[0]["cloud_token"], TOKEN);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_deployment_with_save_token_stores_the_cloud(pool: PgPool) {
    let cloudy = Cloudy::new(pool).await;
    let services = &cloudy.world.services;
    let mut body = direct();
    body.cloud.save_token = Some(true);
    services.deployments().deploy(&cloudy.ada, cloudy.project, body).await.unwrap();
    let clouds = services.clouds().list(&cloudy.ada, Page::default()).await.unwrap().items;
    assert_eq!((clouds.len(), clouds[0].cloud_token.as_deref()), (1, Some("****abcd")));
}

#[sqlx::test(migrations = "../migrations")]
async fn nobody_deploys_with_a_cloud_of_somebody_else(pool: PgPool) {
    let cloudy = Cloudy::new(pool).await;
    let services = &cloudy.world.services;
    let deployments_of = services.deployments();
    let bob = user("bob");
    let of_bob = services.clouds().create(&bob, &hetzner()).await.unwrap().id;
    let refused = deployments_of.deploy_to_cloud(&cloudy.ada, cloudy.project, of_bob, direct()).await;
    assert!(matches!(refused, Err(DeploymentError::NotFound("cloud"))));

    // An operator deploys with a shared cloud of the owner, and with no other one: not even with an own one.
    let_in(&cloudy.world, &cloudy.ada, cloudy.project, &bob, ProjectRole::Operator).await;
    let of_ada = services.clouds().create(&cloudy.ada, &hetzner()).await.unwrap().id;
    for cloud in [of_ada, of_bob] {
        let refused = deployments_of.deploy_to_cloud(&bob, cloudy.project, cloud, direct()).await;
        assert!(matches!(refused, Err(DeploymentError::NotFound("cloud"))));
    }
    services.clouds().share(&cloudy.ada, of_ada, &BTreeSet::from([cloudy.project])).await.unwrap();
    deployments_of.deploy_to_cloud(&bob, cloudy.project, of_ada, direct()).await.unwrap();
}

#[sqlx::test(migrations = "../migrations")]
async fn a_viewer_and_a_stranger_deploy_to_no_cloud(pool: PgPool) {
    let cloudy = Cloudy::new(pool).await;
    let bob = user("bob");
    let deployments_of = cloudy.world.services.deployments();
    let refused = deployments_of.deploy(&bob, cloudy.project, direct()).await;
    assert!(matches!(refused, Err(DeploymentError::NotFound("project"))));
    let_in(&cloudy.world, &cloudy.ada, cloudy.project, &bob, ProjectRole::Viewer).await;
    let refused = deployments_of.deploy(&bob, cloudy.project, direct()).await;
    assert!(matches!(refused, Err(DeploymentError::LacksRole(_))));
    assert_eq!(cloudy.waiting().await, 0);
}

#[sqlx::test(migrations = "../migrations")]
async fn what_needs_files_of_the_user_is_refused_with_its_place_and_nothing_is_stored(pool: PgPool) {
    let cloudy = Cloudy::new(pool).await;
    let project =
        import(&cloudy, "services:\n  web:\n    image: nginx:1.27\n    volumes:\n      - ./html:/srv\n")
            .await;
    let refused = cloudy.world.services.deployments().deploy(&cloudy.ada, project, direct()).await;
    let Err(DeploymentError::CloudCannotCarry { reasons }) = refused else { panic!("{refused:?}") };
    assert_eq!(reasons[0].field, "compose:5:9");
    assert!(reasons[0].message.contains("./html"), "{}", reasons[0].message);
    assert_eq!((deployments(&cloudy).await, cloudy.waiting().await), (0, 0));
}

#[sqlx::test(migrations = "../migrations")]
async fn stored_values_are_filled_in_for_installers_that_know_no_variables(pool: PgPool) {
    let cloudy = Cloudy::new(pool).await;
    let compose =
        "services:\n  web:\n    image: nginx:${TAG:-1.27}\n    environment:\n      PASSWORD: ${PASSWORD}\n";
    let project = import(&cloudy, compose).await;
    let services = &cloudy.world.services;
    let refused = services.deployments().deploy(&cloudy.ada, project, direct()).await;
    let Err(DeploymentError::VariablesMissing { missing }) = refused else { panic!("{refused:?}") };
    assert!(missing[0].message.contains("`PASSWORD`"), "{}", missing[0].message);

    let value = BTreeMap::from([("PASSWORD".to_owned(), Some(SecretText::new("a$b: c")))]);
    services.projects().set_env(&cloudy.ada, project, None, value).await.unwrap();
    services.deployments().deploy(&cloudy.ada, project, direct()).await.unwrap();
    cloudy.deliver().await;
    let message = &cloudy.sent()[0];
    let sent = compose_of(message);
    assert!(sent.contains("image: nginx:1.27\n") && sent.contains("a$$b: c"), "{sent}");
    assert_eq!(message["environment"], json!({"PASSWORD": "a$b: c"}));
    // The stored text stays as it is.
    assert_eq!(services.projects().compose(&cloudy.ada, project).await.unwrap(), compose);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_second_deployment_with_a_stored_cloud_uses_the_server_of_the_project_again(pool: PgPool) {
    let cloudy = Cloudy::new(pool).await;
    let services = &cloudy.world.services;
    let cloud = services.clouds().create(&cloudy.ada, &hetzner()).await.unwrap().id;
    for region in ["fsn1", "nbg1"] {
        let server =
            ServerBody { region: Some(region.to_owned()), ssh_port: Some(2222), ..ServerBody::default() };
        let body = DeployBody { server, ..direct() };
        services.deployments().deploy_to_cloud(&cloudy.ada, cloudy.project, cloud, body).await.unwrap();
    }
    let servers = services.servers().list(&cloudy.ada, Page::default()).await.unwrap().items;
    assert_eq!(servers.len(), 1);
    assert_eq!((servers[0].region.as_deref(), servers[0].ssh_port), (Some("nbg1"), Some(2222)));
    services.deployments().deploy(&cloudy.ada, cloudy.project, direct()).await.unwrap();
    assert_eq!(services.servers().list(&cloudy.ada, Page::default()).await.unwrap().items.len(), 2);
}
