//! Images: what registries say about those of a project, what a deployment does with it, credentials for private ones.

mod browsing;
mod checking;
pub mod credentials;
mod deploying;
mod editing;

use std::{sync::Arc, time::Duration};

use domain::{access::Caller, api::ImportProject};
use sqlx::PgPool;
use stacker::connectors::{
    broker::FakeBroker,
    docker_hub::{FakeDockerHub, Namespace, Repository, Tag},
    registry::{FakeRegistry, ImageFacts, LookUpError, PlatformFacts},
};

use crate::helpers::{World, user};

/// A world in which registries, Docker Hub and the broker are scripted.
struct Gallery {
    world: World,
    registry: Arc<FakeRegistry>,
    docker_hub: Arc<FakeDockerHub>,
    broker: Arc<FakeBroker>,
    ada: Caller,
}

impl Gallery {
    fn new(pool: PgPool) -> Self {
        let registry = Arc::new(FakeRegistry::default());
        let docker_hub = Arc::new(hub());
        let broker = Arc::new(FakeBroker::default());
        let world = World::with_images(pool, registry.clone(), docker_hub.clone(), broker.clone());
        Self { world, registry, docker_hub, broker, ada: user("ada") }
    }

    async fn project(&self, compose: &str) -> i32 {
        let import = ImportProject { name: "Shop".to_owned(), compose: compose.to_owned() };
        self.world.services.projects().import(&self.ada, import).await.unwrap().0.id
    }

    async fn project_with(&self, image: &str) -> i32 {
        self.project(&format!("services:\n  web:\n    image: {image}\n")).await
    }
}

fn hub() -> FakeDockerHub {
    let namespace = |name: &str| Namespace {
        name: name.to_owned(),
        namespace_type: None,
        description: None,
        is_user: false,
        is_organization: false,
    };
    let repository = Repository {
        name: "shop".to_owned(),
        namespace: "acme".to_owned(),
        description: None,
        last_updated: None,
        is_private: false,
        star_count: Some(1),
        pull_count: None,
    };
    let tag = |name: &str| Tag {
        name: name.to_owned(),
        digest: None,
        last_updated: None,
        tag_status: Some("active".to_owned()),
        content_type: None,
        size_bytes: Some(77),
        platforms: vec!["linux/amd64".to_owned()],
    };
    let mut hub = FakeDockerHub::default();
    hub.namespaces = vec![namespace("acme"), namespace("library")];
    hub.repositories = vec![repository];
    hub.tags = vec![tag("1.4"), tag("latest")];
    hub
}

fn facts(architectures: &[&str]) -> ImageFacts {
    let platform = |architecture: &&str| PlatformFacts {
        os: "linux".to_owned(),
        architecture: (*architecture).to_owned(),
        variant: None,
        digest: None,
    };
    ImageFacts {
        digest: format!("sha256:{}", "a".repeat(64)),
        platforms: architectures.iter().map(platform).collect(),
        size_bytes: Some(1_000),
        created: None,
    }
}

fn every_failure() -> [LookUpError; 4] {
    [
        LookUpError::NotReadable,
        LookUpError::RateLimited { retry_after: Duration::from_secs(60) },
        LookUpError::Unreachable("cannot be reached: connection refused".to_owned()),
        LookUpError::TimedOut,
    ]
}
