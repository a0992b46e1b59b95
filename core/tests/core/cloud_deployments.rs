//! Deployments through the install service: what is sent, what waits, what is reported.

mod golden;
mod machines;
mod progress;
mod queue;
mod sending;

use std::{io::Read as _, sync::Arc};

use domain::{
    access::Caller,
    api::{DeployMeta, DeploymentSummary},
    cloud::{CloudBody, DeployBody, Secret, ServerBody, StackPart},
};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use sqlx::PgPool;
use stacker::connectors::{broker::FakeBroker, cloud_api::FakeCloudApi};

use crate::{
    clouds::TOKEN,
    deployments::project,
    helpers::{World, user},
};

/// A world with a broker, and a project of Ada in it.
struct Cloudy {
    world: World,
    broker: Arc<FakeBroker>,
    ada: Caller,
    project: i32,
}

impl Cloudy {
    async fn new(pool: PgPool) -> Self {
        let broker = Arc::new(FakeBroker::default());
        let world = World::with_clouds(pool, broker.clone(), Arc::new(FakeCloudApi::default()));
        let ada = Caller { email: Some("ada@example.com".to_owned()), ..user("ada") };
        let project = project(&world, &ada).await;
        Self { world, broker, ada, project }
    }

    async fn deploy(&self) -> DeployMeta {
        self.world.services.deployments().deploy(&self.ada, self.project, direct()).await.unwrap()
    }

    async fn deliver(&self) {
        self.world.services.deliver().await.unwrap();
    }

    /// The messages that the broker has confirmed.
    fn sent(&self) -> Vec<Value> {
        let published = self.broker.published();
        published.iter().map(|sent| serde_json::from_slice(sent.body.expose_secret()).unwrap()).collect()
    }

    async fn waiting(&self) -> i64 {
        sqlx::query_scalar("select count(*) from outbox").fetch_one(&self.world.pool).await.unwrap()
    }

    async fn summary(&self, meta: &DeployMeta) -> DeploymentSummary {
        let deployments = self.world.services.deployments();
        deployments.get(&self.ada, &meta.deployment_hash).await.unwrap().summary
    }

    async fn report(&self, body: Value) {
        self.world.services.deployments().progressed(body.to_string().as_bytes(), false).await.unwrap();
    }
}

/// What an existing client sends.
pub fn direct() -> DeployBody {
    DeployBody {
        stack: StackPart { stack_code: Some("shop".to_owned()), ..StackPart::default() },
        server: ServerBody { region: Some("fsn1".to_owned()), ..ServerBody::default() },
        cloud: CloudBody {
            provider: "htz".to_owned(),
            cloud_token: Some(Secret::new(TOKEN)),
            save_token: Some(false),
            ..CloudBody::default()
        },
        ..DeployBody::own()
    }
}

/// The compose file, as installers of 0.2.1 read it: from `docker_compose`, and from nothing else.
fn compose_of(message: &Value) -> String {
    let bytes: Vec<u8> = message["docker_compose"]
        .as_array()
        .unwrap()
        .iter()
        .map(|byte| byte.as_u64().unwrap() as u8)
        .collect();
    let mut text = String::new();
    brotli::Decompressor::new(bytes.as_slice(), 4096).read_to_string(&mut text).unwrap();
    text
}

fn progress_of(meta: &DeployMeta, status: &str, percent: i32) -> Value {
    json!({"id": "1", "deploy_id": meta.deployment_id.to_string(), "alert": 0, "message": format!("step at {percent}"),
        "status": status, "progress": percent.to_string()})
}
