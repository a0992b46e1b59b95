//! What a deployment does with what registries say.

use domain::{
    access::ProjectRole,
    api::SaveRegistry,
    cloud::{CloudBody, DeployBody, Secret},
    stack::SecretText,
};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use sqlx::PgPool;
use stacker::{connectors::registry::LookUpError, services::DeploymentError};

use super::{Gallery, every_failure, facts};
use crate::{helpers::user, hosts::add, sharing::let_in};

fn to_cloud() -> DeployBody {
    let cloud = CloudBody {
        provider: "htz".to_owned(),
        cloud_token: Some(Secret::new("token-of-the-cloud")),
        ..CloudBody::default()
    };
    DeployBody { cloud, ..DeployBody::own() }
}

impl Gallery {
    /// The messages that the install service gets.
    async fn sent(&self) -> Vec<Value> {
        self.world.services.deliver().await.unwrap();
        let published = self.broker.published();
        published.iter().map(|sent| serde_json::from_slice(sent.body.expose_secret()).unwrap()).collect()
    }

    async fn stored(&self) -> i64 {
        sqlx::query_scalar("select count(*) from deployment").fetch_one(&self.world.pool).await.unwrap()
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn what_certainly_does_not_exist_is_not_sent_to_a_cloud(pool: PgPool) {
    let gallery = Gallery::new(pool);
    gallery.registry.says("nginx:9.99", Err(LookUpError::CertainlyMissing));
    let project = gallery.project_with("nginx:9.99").await;
    let refused = gallery.world.services.deployments().deploy(&gallery.ada, project, to_cloud()).await;
    let Err(DeploymentError::ImageNotFound { missing }) = refused else { panic!("{refused:?}") };
    assert_eq!(missing[0].field, "compose:3:12");
    assert!(missing[0].message.contains("nginx:9.99"), "{}", missing[0].message);
    assert_eq!(gallery.stored().await, 0);
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_not_known_is_deployed_with_a_warning(pool: PgPool) {
    let gallery = Gallery::new(pool);
    let project = gallery.project_with("nginx:1.27").await;
    let deployments = gallery.world.services.deployments();
    for error in every_failure() {
        gallery.registry.says("nginx:1.27", Err(error));
        let meta = deployments.deploy(&gallery.ada, project, to_cloud()).await.unwrap();
        assert_eq!(meta.warnings[0].field, "compose:3:12");
    }
    gallery.registry.says("nginx:1.27", Ok(facts(&["amd64"])));
    assert!(deployments.deploy(&gallery.ada, project, to_cloud()).await.unwrap().warnings.is_empty());
}

#[sqlx::test(migrations = "../migrations")]
async fn a_deployment_to_ones_own_host_is_never_refused_for_its_images(pool: PgPool) {
    let gallery = Gallery::new(pool);
    gallery.registry.says("nginx:9.99", Err(LookUpError::CertainlyMissing));
    let project = gallery.project_with("nginx:9.99").await;
    let host = add(&gallery.world, &gallery.ada, "attic").await;
    let deployments = gallery.world.services.deployments();
    let meta = deployments.deploy(&gallery.ada, project, DeployBody::to_host(host)).await.unwrap();
    assert!(meta.command_id.is_some());
    assert_eq!(meta.warnings.len(), 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn the_message_carries_the_credentials_of_the_registry_that_it_uses(pool: PgPool) {
    let gallery = Gallery::new(pool);
    let images = gallery.world.services.images();
    for server in ["ghcr.io", "registry.example.com"] {
        let body = SaveRegistry {
            server: server.to_owned(),
            username: "ada".to_owned(),
            password: Some(SecretText::new(format!("password-of-{server}"))),
            project_id: None,
        };
        images.create_credential(&gallery.ada, body).await.unwrap();
    }
    let compose = "services:\n  cache:\n    image: redis:7.4\n  web:\n    image: ghcr.io/acme/web:1\n";
    let project = gallery.project(compose).await;
    gallery.world.services.deployments().deploy(&gallery.ada, project, to_cloud()).await.unwrap();
    let expected = json!({"username": "ada", "password": "password-of-ghcr.io", "server": "ghcr.io"});
    assert_eq!(gallery.sent().await[0]["registry"], expected);
}

#[sqlx::test(migrations = "../migrations")]
async fn other_members_send_only_credentials_that_belong_to_the_project(pool: PgPool) {
    let gallery = Gallery::new(pool);
    let images = gallery.world.services.images();
    let project = gallery.project_with("ghcr.io/acme/web:1").await;
    let bob = user("bob");
    let_in(&gallery.world, &gallery.ada, project, &bob, ProjectRole::Operator).await;
    let save = |project_id: Option<i32>, password: &str| SaveRegistry {
        server: "ghcr.io".to_owned(),
        username: "ada".to_owned(),
        password: Some(SecretText::new(password)),
        project_id,
    };
    images.create_credential(&gallery.ada, save(None, "for-all-projects")).await.unwrap();
    let deployments = gallery.world.services.deployments();
    deployments.deploy(&bob, project, to_cloud()).await.unwrap();
    assert_eq!(gallery.sent().await[0].get("registry"), None);

    images.create_credential(&gallery.ada, save(Some(project), "for-this-project")).await.unwrap();
    deployments.deploy(&bob, project, to_cloud()).await.unwrap();
    assert_eq!(gallery.sent().await[1]["registry"]["password"], "for-this-project");
}

#[sqlx::test(migrations = "../migrations")]
async fn a_message_without_private_images_carries_no_credentials(pool: PgPool) {
    let gallery = Gallery::new(pool);
    let project = gallery.project_with("nginx:1.27").await;
    gallery.world.services.deployments().deploy(&gallery.ada, project, to_cloud()).await.unwrap();
    assert_eq!(gallery.sent().await[0].get("registry"), None);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_person_is_told_about_the_images_before_they_deploy(pool: PgPool) {
    let gallery = Gallery::new(pool);
    gallery.registry.says("nginx:9.99", Err(LookUpError::CertainlyMissing));
    gallery.registry.says("redis:7", Err(LookUpError::TimedOut));
    let compose = "services:\n  web:\n    image: nginx:9.99\n  db:\n    image: redis:7\n";
    let project = gallery.project(compose).await;
    let deployments = gallery.world.services.deployments();
    let before = deployments.look_at_images(&gallery.ada, project).await.unwrap();
    assert_eq!(before.missing[0].field, "compose:3:12");
    assert!(before.missing[0].message.contains("nginx:9.99"), "{:?}", before.missing);
    assert!(before.uncertain[0].message.contains("redis:7"), "{:?}", before.uncertain);
    let eva = crate::helpers::user("eva");
    assert!(matches!(deployments.look_at_images(&eva, project).await, Err(DeploymentError::NotFound(_))));
}
