//! A server on a free port with a database of its own, and clients for it.

mod agent;
mod database;
mod provider;

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path, sync::Arc, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::{
    access::{Caller, Role},
    api::CreateAccessToken,
};
use leptos::config::LeptosOptions;
use reqwest::{Client, ClientBuilder, Method, RequestBuilder, redirect::Policy};
use serde_json::{Value, json};
use server::{
    app::{Application, Startup},
    shutdown::Shutdown,
};
use stacker::{
    config::{Settings, Sources},
    context::{Context, ManualClock, SystemRandom},
    db::PendingMigrations,
    services::Services,
};
use tempfile::TempDir;

pub use agent::TestAgent;
pub use database::TestDatabase;

pub struct TestApp {
    /// The address of the server, as `127.0.0.1:PORT`.
    pub address: String,
    pub services: Services,
    pub clock: Arc<ManualClock>,
    pub shutdown: Shutdown,
    // Fields are dropped in this order: the server's folder, then its database.
    _folder: TempDir,
    database: Arc<TestDatabase>,
}

pub async fn spawn_app() -> TestApp {
    spawn(Arc::new(TestDatabase::new().await), &[], &[]).await
}

pub async fn spawn_without_rate_limits() -> TestApp {
    spawn(Arc::new(TestDatabase::new().await), &[("STACKER__RATE_LIMITS__ENABLED", "false")], &[]).await
}

/// Starts a server with these configuration variables.
pub async fn spawn_with(variables: &[(&str, &str)]) -> TestApp {
    spawn(Arc::new(TestDatabase::new().await), variables, &[]).await
}

/// Starts a server with these files in the folder where the build puts the files for browsers.
pub async fn spawn_with_site(files: &[(&str, &str)]) -> TestApp {
    spawn(Arc::new(TestDatabase::new().await), &[], files).await
}

async fn spawn(database: Arc<TestDatabase>, variables: &[(&str, &str)], site: &[(&str, &str)]) -> TestApp {
    let folder = tempfile::tempdir().unwrap();
    let site_root = folder.path().join("site");
    for (path, text) in site {
        let path = site_root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let clock = Arc::new(ManualClock::default());
    let settings = settings(&database, folder.path(), variables);
    let startup = Startup {
        migrations: PendingMigrations::Apply,
        context: Context { clock: clock.clone(), random: Arc::new(SystemRandom) },
        leptos: LeptosOptions::builder()
            .output_name("stacker")
            .site_root(site_root.to_str().unwrap())
            .build(),
    };
    let application = Application::build(&settings, startup).await.unwrap();
    let address = format!("127.0.0.1:{}", application.port());
    let services = application.state().services.clone();
    let shutdown = Shutdown::default();
    tokio::spawn(application.run_until_stopped(shutdown.clone()));
    TestApp { address, services, clock, shutdown, _folder: folder, database }
}

/// Settings like those of a real installation, with all files in the test's folder and the key ring that servers of one database
/// share.
pub fn settings(database: &TestDatabase, folder: &Path, variables: &[(&str, &str)]) -> Settings {
    put_key_ring(folder, [7; 32]);
    let mut sources = Sources::default()
        .with_variable("STACKER_DATA_DIR", folder.join("data").to_str().unwrap())
        .with_variable("APP_PORT", "0")
        // A test must not touch the container engine of this machine.
        .with_variable("STACKER__LOCAL_AGENT__ENABLED", "false")
        // Nor ask a real registry.
        .with_variable("STACKER__CONNECTORS__REGISTRY__ENABLED", "false")
        .with_variable("STACKER__CONNECTORS__DOCKERHUB_SERVICE__ENABLED", "false");
    for (name, value) in database
        .variables()
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .chain(variables.iter().copied())
    {
        sources = sources.with_variable(name, value);
    }
    Settings::load(&sources).unwrap()
}

/// Writes a key ring with this one key to the data folder of [`settings`].
pub fn put_key_ring(folder: &Path, key: [u8; 32]) {
    let text = json!({"active": 1, "keys": {"1": STANDARD.encode(key)}}).to_string();
    let path = folder.join("data/keyring");
    fs::create_dir_all(folder.join("data")).unwrap();
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
}

impl TestApp {
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// An anonymous caller. It returns redirects instead of following them.
    #[expect(clippy::unused_self, reason = "reads as what it is: a client of this server")]
    pub fn anonymous(&self) -> Client {
        plain_http().redirect(Policy::none()).build().unwrap()
    }

    /// A program of a user, with an access token.
    pub async fn client(&self, user_id: &str) -> ApiClient {
        self.client_as(user_id, Role::GroupUser).await
    }

    pub async fn admin(&self, user_id: &str) -> ApiClient {
        self.client_as(user_id, Role::GroupAdmin).await
    }

    async fn client_as(&self, user_id: &str, role: Role) -> ApiClient {
        let caller = Caller { role, ..caller(user_id) };
        let bearer = self
            .services
            .tokens()
            .create(&caller, CreateAccessToken::named("test"))
            .await
            .unwrap()
            .token
            .unwrap();
        ApiClient { http: self.anonymous(), base: self.url(""), bearer }
    }

    /// A browser with the session of the local operator.
    pub async fn signed_in(&self) -> Client {
        let browser = plain_http().redirect(Policy::none()).cookie_store(true).build().unwrap();
        let code = self.services.sign_in().create_link_code().await.unwrap();
        let form = browser
            .post(self.url("/sign-in"))
            .header("sec-fetch-site", "same-origin")
            .form(&[("code", code)]);
        assert_eq!(form.send().await.unwrap().status(), 303);
        browser
    }

    /// Method and path of everything the OpenAPI document describes.
    pub async fn rest_routes(&self) -> Vec<(String, String)> {
        let document: Value =
            self.anonymous().get(self.url("/openapi.json")).send().await.unwrap().json().await.unwrap();
        let paths = document["paths"].as_object().unwrap();
        let methods = |path: &Value| -> Vec<String> {
            let keys = path.as_object().unwrap().keys();
            keys.filter(|key| ["get", "put", "post", "delete", "patch"].contains(&key.as_str()))
                .map(|key| key.to_uppercase())
                .collect()
        };
        paths
            .iter()
            .flat_map(|(path, item)| methods(item).into_iter().map(|method| (method, path.clone())))
            .collect()
    }

    /// A body that the route accepts, so that a refusal can only be about the caller's rights.
    #[expect(clippy::unused_self, reason = "reads as what it is: a body for this server")]
    pub fn valid_body(&self, path: &str, method: &str) -> Value {
        match (method, path.rsplit('/').next().unwrap()) {
            _ if path.starts_with("/cloud") => json!({"provider": "contabo", "projects": []}),
            _ if path.starts_with("/server") => json!({"region": "eu"}),
            _ if path.starts_with("/registry") => {
                json!({"server": "ghcr.io", "username": "ada", "password": "p"})
            }
            _ if path == "/rating" => json!({"obj_id": 1, "category": "application", "rate": 10}),
            _ if path.starts_with("/rating") || path.starts_with("/admin/rating") => json!({"rate": 9}),
            _ if path.starts_with("/admin/agreement") => json!({"name": "Terms", "text": "Be kind."}),
            _ if path.starts_with("/agreement") => json!({"agrt_id": 1}),
            (_, "check") if path.ends_with("/images/check") => json!({}),
            ("POST", "import") => json!({"name": "x", "compose": "services: {}\n"}),
            (_, "compose" | "check") => json!({"compose": "services: {}\n"}),
            (_, "env") => json!({"values": {}}),
            (_, "edits") => json!({"edits": []}),
            (_, "deploy" | "{cloud_id}") => json!({"host": "0195f0a0-0000-7000-8000-000000000000"}),
            (_, "callbacks") => {
                json!({"url": "https://receiver.invalid/hook", "events": ["deployment.failed"]})
            }
            (_, "apply") => json!({"revision": 1}),
            (_, "invitations") | ("PUT", "{user_id}") => json!({"role": "viewer"}),
            (_, "join") => json!({"code": "stki_of_nobody"}),
            (_, "transfer") => json!({"user_id": "editor", "confirm_name": "p"}),
            (_, "hosts" | "tokens") | ("PATCH", _) => json!({"name": "attic"}),
            _ => form("x"),
        }
    }

    /// Waits until this number of agents wait for commands at this server.
    pub async fn somebody_waits(&self, how_many: usize) {
        until("agents wait", || async { self.services.hub().waiting() == how_many }).await;
    }

    pub async fn listens(&self) {
        until("the server listens", || async { self.services.hub().is_listening() }).await;
    }

    pub async fn kill_database_connections(&self) {
        self.database.kill_connections().await;
    }

    /// A machine of this user, as a deployment through the install service stores it. Returns its id.
    pub async fn server_of(&self, user: &str, project: i64) -> i32 {
        let insert = format!(
            "insert into server (user_id, project_id, created_at, updated_at)
             values ('{user}', {project}, now(), now()) returning id"
        );
        self.database.number(&insert).await
    }

    /// Makes the project one that was made from a template which requires this plan.
    pub async fn made_from_template_for(&self, plan: &str, project: i64) {
        let statement = format!(
            "with template as (
                 insert into stack_template
                     (id, creator_user_id, name, slug, status, required_plan_name, created_at, updated_at, approved_at)
                 values (gen_random_uuid(), 'eve', 'Shop', 'shop', 'approved', '{plan}', now(), now(), now())
                 returning id
             )
             update project set source_template_id = template.id from template where project.id = {project}
             returning project.id"
        );
        self.database.number(&statement).await;
    }

    /// A product that nobody has rated. Returns its id.
    pub async fn product(&self) -> i32 {
        self.database
            .number(
                "insert into product (id, obj_id, obj_type, created_at, updated_at)
                 select next, next, 'Application', now(), now()
                 from (select 2 + floor(random() * 1000000000)::integer as next) as ids
                 returning id",
            )
            .await
    }

    /// Every row of every table as text.
    pub async fn database_text(&self) -> String {
        self.database.text().await
    }

    /// Stops the server, as the operator does.
    pub fn stop(&self) {
        self.shutdown.stop.cancel();
    }

    /// Starts another server on the same database.
    pub async fn twin(&self, variables: &[(&str, &str)]) -> TestApp {
        spawn(self.database.clone(), variables, &[]).await
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        self.shutdown.stop.cancel();
        self.shutdown.hurry.cancel();
    }
}

pub struct ApiClient {
    http: Client,
    base: String,
    bearer: String,
}

impl ApiClient {
    pub fn bearer(&self) -> &str {
        &self.bearer
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.base)).bearer_auth(&self.bearer)
    }

    pub fn get(&self, path: &str) -> RequestBuilder {
        self.request(Method::GET, path)
    }

    pub fn post(&self, path: &str) -> RequestBuilder {
        self.request(Method::POST, path)
    }

    pub fn put(&self, path: &str) -> RequestBuilder {
        self.request(Method::PUT, path)
    }

    pub fn delete(&self, path: &str) -> RequestBuilder {
        self.request(Method::DELETE, path)
    }

    pub async fn get_json(&self, path: &str) -> Value {
        let answer = self.get(path).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        answer.json().await.unwrap()
    }

    /// Creates a project from a form and returns its id.
    pub async fn create(&self, form: &Value) -> i64 {
        let answer = self.post("/project").json(form).send().await.unwrap();
        let status = answer.status();
        let body: Value = answer.json().await.unwrap();
        assert_eq!(status, 200, "{body}");
        body["item"]["id"].as_i64().unwrap()
    }

    /// Creates a project from a compose file and returns its id.
    pub async fn import(&self, name: &str, compose: &str) -> i64 {
        let answer = self
            .post("/project/import")
            .json(&json!({"name": name, "compose": compose}))
            .send()
            .await
            .unwrap();
        let status = answer.status();
        let body: Value = answer.json().await.unwrap();
        assert_eq!(status, 200, "{body}");
        body["item"]["id"].as_i64().unwrap()
    }
}

/// A client without root certificates: loading them takes longer than most requests here, and no request is encrypted.
pub fn plain_http() -> ClientBuilder {
    Client::builder().tls_certs_only([])
}

/// The caller that use cases get for this user.
pub fn caller(user_id: &str) -> Caller {
    Caller::new(user_id, Role::GroupUser, user_id, None)
}

/// Polls the condition until it holds, and panics after 20 seconds.
pub async fn until<F: Future<Output = bool>>(what: &str, mut holds: impl FnMut() -> F) {
    let asked = async {
        let mut ticks = tokio::time::interval(Duration::from_millis(5));
        loop {
            ticks.tick().await;
            if holds().await {
                return;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), asked)
        .await
        .unwrap_or_else(|_| panic!("{what}: did not happen"));
}

/// The body of the example in the README.
pub fn mock_payload() -> Value {
    serde_json::from_str(include_str!("../../../tests/mock_data/custom-stack-payload.json")).unwrap()
}

/// The smallest form of a project.
pub fn form(name: &str) -> Value {
    json!({"custom": {"custom_stack_code": name, "networks": [], "web": [
        {"_id": "app-1", "name": "Web", "code": "web", "type": "web", "restart": "always", "dockerhub_name": "nginx:1.27"}
    ]}})
}
