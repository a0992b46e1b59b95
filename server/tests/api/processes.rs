//! The real programs: what they print and how they end.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader, Lines},
    process::{Child, ChildStdout, Command},
    time::timeout,
};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::method};

use crate::helpers::{plain_http, put_key_ring, until};

pub const SERVER: &str = env!("CARGO_BIN_EXE_server");
pub const CONSOLE: &str = env!("CARGO_BIN_EXE_console");
/// Time limit for the start. Creating a database cluster on a busy machine takes long.
const START: Duration = Duration::from_secs(120);
/// Time limit for the end: what supervisors allow.
const END: Duration = Duration::from_secs(10);

/// A folder that other accounts can enter: when root runs the tests, PostgreSQL runs under an account of its own.
pub fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o711)).unwrap();
    folder
}

pub fn program(path: &str, folder: &Path) -> Command {
    let mut command = Command::new(path);
    command.current_dir(folder).env_clear().kill_on_drop(true);
    for name in ["PATH", "HOME", "USER"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    command.env("STACKER_DATA_DIR", folder.join("data")).env("APP_PORT", "0");
    // No real registry is asked.
    command.env("STACKER__CONNECTORS__REGISTRY__ENABLED", "false");
    command
}

pub struct Running {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    printed: Vec<String>,
}

impl Running {
    pub async fn start(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut running = Self { child, lines, printed: Vec::new() };
        timeout(START, running.read_until_listening()).await.expect("the server starts");
        running
    }

    async fn read_until_listening(&mut self) {
        while let Some(line) = self.lines.next_line().await.unwrap() {
            let last = line.starts_with("listening on ");
            self.printed.push(line);
            if last {
                return;
            }
        }
        panic!("the server ended: {:?}", self.printed);
    }

    pub fn address(&self) -> &str {
        self.printed.last().unwrap().strip_prefix("listening on ").unwrap()
    }

    pub fn signal(&self, signal: &str) {
        let pid = self.child.id().unwrap().to_string();
        assert!(std::process::Command::new("kill").args([signal, &pid]).status().unwrap().success());
    }

    pub async fn end(mut self) -> std::process::ExitStatus {
        timeout(END, self.child.wait()).await.expect("the server ends").unwrap()
    }
}

#[tokio::test]
async fn from_nothing_to_a_bearer_and_back() {
    let folder = folder();
    let server = Running::start(program(SERVER, folder.path())).await;

    let printed = server.printed.join("\n");
    for line in [
        "Stacker ",
        "Configuration loaded",
        "Server address: http://127.0.0.1:",
        "Ready to accept connections",
        "/sign-in?code=",
    ] {
        assert!(printed.contains(line), "{printed}");
    }
    assert!(server.address().starts_with("http://127.0.0.1:"), "{printed}");

    let token =
        program(CONSOLE, folder.path()).args(["token", "new", "--name", "test"]).output().await.unwrap();
    let bearer = String::from_utf8(token.stdout).unwrap();
    assert!(token.status.success() && bearer.starts_with("stk_") && bearer.lines().count() == 1, "{bearer}");
    let list = http().get(format!("{}/project", server.address())).bearer_auth(bearer.trim());
    assert_eq!(list.send().await.unwrap().status(), 200);

    let link = program(CONSOLE, folder.path()).arg("login-link").output().await.unwrap();
    assert!(String::from_utf8(link.stdout).unwrap().contains("/sign-in?code="));

    let begin = Instant::now();
    server.signal("-TERM");
    assert!(server.end().await.success());
    assert!(begin.elapsed() < END);
    assert!(
        !folder.path().join("data/pg/postmaster.pid").exists(),
        "the private database ends with the server"
    );
}

#[tokio::test]
async fn the_next_start_recovers_from_a_kill() {
    let folder = folder();
    let first = Running::start(program(SERVER, folder.path())).await;
    let token = program(CONSOLE, folder.path()).args(["token", "new"]).output().await.unwrap();
    let bearer = String::from_utf8(token.stdout).unwrap();
    first.signal("-KILL");
    assert!(!first.end().await.success());

    let second = Running::start(program(SERVER, folder.path())).await;

    let list = http().get(format!("{}/project", second.address())).bearer_auth(bearer.trim());
    assert_eq!(list.send().await.unwrap().status(), 200);
    second.signal("-TERM");
    assert!(second.end().await.success());
}

#[tokio::test]
async fn a_start_that_cannot_be_says_why_in_one_message() {
    let folder = folder();
    let cases = [
        (("APP_HOST", "0.0.0.0"), "auth_url"),
        (("STACKER__APP_PROT", "8000"), "app_prot"),
        (("APP_PORT", "http"), "APP_PORT"),
    ];
    for ((name, value), expected) in cases {
        let output = program(SERVER, folder.path()).env(name, value).output().await.unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success(), "{name}={value}");
        assert!(
            said.starts_with("error: ") && said.to_lowercase().contains(&expected.to_lowercase()),
            "{name}={value}: {said}"
        );
        assert!(!said.contains("backtrace") && !said.contains("panicked"), "{said}");
    }
}

#[tokio::test]
async fn a_lost_key_ring_is_noticed_and_can_be_given_up() {
    let folder = folder();
    let first = Running::start(program(SERVER, folder.path())).await;
    first.signal("-TERM");
    assert!(first.end().await.success());
    put_key_ring(folder.path(), [8; 32]);

    let refused = program(SERVER, folder.path()).output().await.unwrap();
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(!refused.status.success() && said.contains("console keys forget 1"), "{said}");

    let forget = |key: &str| program(CONSOLE, folder.path()).args(["keys", "forget", key]).output();
    assert!(!forget("2").await.unwrap().status.success(), "there is no such key");
    assert!(forget("1").await.unwrap().status.success());
    let second = Running::start(program(SERVER, folder.path())).await;
    second.signal("-TERM");
    assert!(second.end().await.success());
}

#[tokio::test]
async fn the_console_rotates_the_token_of_an_agent_and_vault_gets_a_copy() {
    let folder = folder();
    let vault = MockServer::start().await;
    Mock::given(method("POST")).respond_with(ResponseTemplate::new(204)).mount(&vault).await;
    let with_vault = |path| {
        let mut program = program(path, folder.path());
        program.env("VAULT_ADDRESS", vault.uri()).env("VAULT_TOKEN", "root");
        program
    };
    let server = Running::start(with_vault(SERVER)).await;
    let token = with_vault(CONSOLE).args(["token", "new"]).output().await.unwrap();
    let bearer = String::from_utf8(token.stdout).unwrap().trim().to_owned();
    let post = async |path: &str, body: Value| -> Value {
        let request = http().post(format!("{}{path}", server.address())).bearer_auth(&bearer).json(&body);
        request.send().await.unwrap().error_for_status().unwrap().json().await.unwrap()
    };
    let project =
        post("/project/import", json!({"name": "shop", "compose": "services: {web: {image: nginx:1.27}}\n"}))
            .await;
    let form =
        json!({"stack": {"stack_code": "shop", "vars": []}, "server": {}, "cloud": {"provider": "own"}});
    let deployed = post(&format!("/project/{}/deploy", project["item"]["id"]), form).await;
    let hash = deployed["meta"]["deployment_hash"].as_str().unwrap().to_owned();
    let registered = post("/api/v1/agent/register", json!({"deployment_hash": hash})).await;
    let agent = registered["data"]["item"]["agent_id"].as_str().unwrap().to_owned();

    let rotated = with_vault(CONSOLE)
        .args(["Agent", "rotate-token", "--deployment-hash", &hash, "--new-token", "NEW_TOKEN"])
        .output()
        .await
        .unwrap();
    assert!(rotated.status.success(), "{}", String::from_utf8_lossy(&rotated.stderr));
    let poll = http()
        .get(format!("{}/api/v1/agent/commands/wait/{hash}?timeout=1", server.address()))
        .header("x-agent-id", agent)
        .bearer_auth("NEW_TOKEN");
    assert_eq!(poll.send().await.unwrap().status(), 200);
    // The server can still be delivering the copy of the first token; it delivers this one afterwards.
    for path in ["token", "status_panel_token"] {
        until(&format!("a copy at {path}"), async || {
            vault.received_requests().await.unwrap().iter().any(|request| {
                request.url.path().ends_with(&format!("/{hash}/{path}"))
                    && String::from_utf8_lossy(&request.body).contains("NEW_TOKEN")
            })
        })
        .await;
    }
    server.signal("-TERM");
    assert!(server.end().await.success());
}

#[tokio::test]
async fn the_console_explains_and_changes_the_rules_while_the_server_runs() {
    let folder = folder();
    let server = Running::start(program(SERVER, folder.path())).await;
    let console = async |words: &str| {
        let output = program(CONSOLE, folder.path()).args(words.split(' ')).output().await.unwrap();
        let said = if output.status.success() { output.stdout } else { output.stderr };
        (output.status.success(), String::from_utf8(said).unwrap())
    };
    let asked = "debug casbin --path /client --action POST --subject admin_petru";
    let (done, said) = console(asked).await;
    assert!(done && said.starts_with("refused: admin_petru POST /client\n"), "{said}");
    for line in [
        "asked as: admin_petru, anonym (role)",
        "route: /client (GET, POST)",
        "near: group_admin /client POST",
    ] {
        assert!(said.contains(line), "{line} in {said}");
    }
    assert!(console("role add admin_petru group_admin").await.0);
    let (_, said) = console(asked).await;
    assert!(said.starts_with("allowed: admin_petru POST /client, by the rule group_"), "{said}");
    assert!(said.contains("by way of: admin_petru -> group_admin"), "{said}");
    assert!(console("role list").await.1.contains("admin_petru group_admin\n"));

    let list = async || http().get(format!("{}/api/auth", server.address())).send().await.unwrap().status();
    assert_eq!(list().await, 200);
    assert!(console("policy remove group_anonymous /api/auth get").await.0);
    let closed = async {
        while list().await != 401 {
            tokio::task::yield_now().await;
        }
    };
    timeout(END, closed).await.expect("the running server hears of it");
    let (done, said) = console("policy remove group_anonymous /api/auth GET").await;
    assert!(!done && said.contains("rule not found"), "{said}");
    server.signal("-TERM");
    assert!(server.end().await.success());
}

#[tokio::test]
async fn the_console_prints_json_up_to_the_error() {
    let folder = folder();
    fs::write(folder.path().join("body.json"), "{\n  \"a\": oops\n}\n").unwrap();

    let shown = program(CONSOLE, folder.path())
        .args(["debug", "json", "--line", "2", "--column", "8", "--payload", "body.json"])
        .output()
        .await
        .unwrap();
    assert_eq!(String::from_utf8(shown.stdout).unwrap(), "{\n  \"a\": o\n");

    let missing = program(CONSOLE, folder.path())
        .args(["debug", "json", "--line", "9", "--column", "1", "--payload", "body.json"])
        .output()
        .await
        .unwrap();
    assert!(!missing.status.success());
    assert!(String::from_utf8(missing.stderr).unwrap().contains("so line 9 does not exist"));
}

pub fn http() -> reqwest::Client {
    plain_http().timeout(Duration::from_secs(10)).build().unwrap()
}
