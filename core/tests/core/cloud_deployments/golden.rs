//! The bytes that the broker gets, from the request to the exchange: made by the use case, compressed, sealed in the outbox, opened
//! and published. Each golden file in `core/tests/golden` holds one body; with `STACKER_UPDATE_GOLDEN=1` they are written anew.
//!
//! Which key has which value is tested in `domain/src/install`.

use std::{env, fs, path::PathBuf, sync::Arc};

use domain::{access::Caller, cloud::DeployBody};
use secrecy::ExposeSecret as _;
use serde::Deserialize;
use serde_json::{Value, json};
use sqlx::PgPool;
use stacker::connectors::broker::{FakeBroker, Publication};

use super::direct;
use crate::{
    clouds::hetzner,
    helpers::{World, user},
};

/// A form that existing clients send.
const FORM: &str = include_str!("../../../../tests/mock_data/custom-stack-payload.json");
/// A request for a deployment, with the project that was created before.
const DEPLOY: &str = include_str!("../../../../domain/tests/install/deploy.json");

/// What an installer of version 0.2.1 starts: it reads nothing else about the stack.
#[derive(Deserialize)]
struct Started {
    docker_compose: Vec<u8>,
}

impl Started {
    fn compose(&self) -> String {
        let mut text = Vec::new();
        brotli::BrotliDecompress(&mut self.docker_compose.as_slice(), &mut text).unwrap();
        String::from_utf8(text).unwrap()
    }
}

/// A server on which each run of a test gets the same ids at the same time.
struct Repeatable {
    world: World,
    broker: Arc<FakeBroker>,
    ada: Caller,
}

impl Repeatable {
    fn new(pool: PgPool) -> Self {
        let broker = Arc::new(FakeBroker::default());
        let world = World::with_repeatable_ids(pool, broker.clone());
        Self { world, broker, ada: Caller { email: Some("ada@example.com".to_owned()), ..user("ada") } }
    }

    async fn project(&self, form: Value) -> i32 {
        self.world.services.projects().create_from_form(&self.ada, form).await.unwrap().id
    }

    async fn compose(&self, project: i32) -> String {
        self.world.services.projects().compose(&self.ada, project).await.unwrap()
    }

    async fn deploy(&self, project: i32, body: DeployBody) -> Publication {
        self.world.services.deployments().deploy(&self.ada, project, body).await.unwrap();
        self.published().await
    }

    /// The only message that the broker has got by now.
    async fn published(&self) -> Publication {
        self.world.services.deliver().await.unwrap();
        let mut published = self.broker.published();
        assert_eq!(published.len(), 1);
        published.remove(0)
    }
}

fn form() -> Value {
    serde_json::from_str(FORM).unwrap()
}

fn folder() -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "tests", "golden"].iter().collect()
}

fn assert_golden(name: &str, publication: &Publication) {
    let file = folder().join(format!("{name}.json"));
    let body = publication.body.expose_secret();
    if env::var_os("STACKER_UPDATE_GOLDEN").is_some() {
        fs::create_dir_all(folder()).unwrap();
        fs::write(&file, body).unwrap();
    }
    let golden = fs::read(&file).unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(golden == body, "{}\nexpected\n{}\ngot\n{}", file.display(), text(&golden), text(body));
}

fn started(publication: &Publication) -> Started {
    serde_json::from_slice(publication.body.expose_secret()).unwrap()
}

#[sqlx::test(migrations = "../migrations")]
async fn a_form_of_an_existing_client_with_the_credentials_of_the_request(pool: PgPool) {
    let server = Repeatable::new(pool);
    let project = server.project(form()).await;
    let publication = server.deploy(project, direct()).await;
    assert_golden("form-direct", &publication);
    assert_eq!(started(&publication).compose(), server.compose(project).await);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_form_of_an_existing_client_with_a_stored_cloud(pool: PgPool) {
    let server = Repeatable::new(pool);
    let project = server.project(form()).await;
    let services = &server.world.services;
    let cloud = services.clouds().create(&server.ada, &hetzner()).await.unwrap().id;
    services.deployments().deploy_to_cloud(&server.ada, project, cloud, direct()).await.unwrap();
    let publication = server.published().await;
    assert_golden("form-saved", &publication);
    assert_eq!(started(&publication).compose(), server.compose(project).await);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_request_of_an_existing_client_as_it_came(pool: PgPool) {
    let server = Repeatable::new(pool);
    let request: Value = serde_json::from_str(DEPLOY).unwrap();
    let project = server.project(json!({"custom": request["project"]})).await;
    let publication = server.deploy(project, DeployBody::parse(&request).unwrap()).await;
    assert_golden("request", &publication);
    assert_eq!(started(&publication).compose(), server.compose(project).await);
}

/// Clients send databases without a password, and no deployment begins with one.
fn with_passwords(mut form: Value) -> Value {
    for kind in ["web", "feature", "service"] {
        for app in form["custom"].get_mut(kind).and_then(Value::as_array_mut).into_iter().flatten() {
            let mut environment = app["environment"].as_array().cloned().unwrap_or_default();
            for key in ["POSTGRES_PASSWORD", "MARIADB_ROOT_PASSWORD"] {
                environment.push(json!({"key": key, "value": "for-this-test"}));
            }
            app["environment"] = Value::Array(environment);
        }
    }
    form
}

/// Bodies that real clients have sent. They are no part of the repository, so there are no golden files for them.
#[sqlx::test(migrations = "../migrations")]
async fn what_real_clients_have_sent_is_started_as_it_is_stored(pool: PgPool) {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus/forms");
    let server = Repeatable::new(pool);
    for name in ["custom.json", "custom-stack-payload.json", "deploy.json"] {
        let Ok(text) = fs::read_to_string(folder.join(name)) else {
            eprintln!("skipped: there is no ../shared/corpus/forms/{name}");
            continue;
        };
        let body: Value = serde_json::from_str(&text).unwrap();
        // The body of a deployment contains the same form under another name.
        let form = if body.get("custom").is_some() { body } else { json!({"custom": body["project"]}) };
        let project = server.project(with_passwords(form)).await;
        server.world.services.deployments().deploy(&server.ada, project, direct()).await.unwrap();
        server.world.services.deliver().await.unwrap();
        let published = server.broker.published();
        let started = started(published.last().unwrap());
        assert_eq!(started.compose(), server.compose(project).await, "{name}");
    }
}
