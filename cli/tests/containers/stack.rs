//! A test stack on the test engine.

use std::{
    io::{Read, Write},
    net::TcpStream,
    process::Command,
    sync::atomic::{AtomicU16, Ordering},
    time::Duration,
};

use serde_json::{Value, json};
use tokio::process::Child;

use crate::stand_in::{HASH, Server};

static NEXT: AtomicU16 = AtomicU16::new(0);

/// Each test has its own stack name and ports.
pub struct Stack {
    pub server: Server,
    pub agent: Child,
    pub name: String,
    pub port: u16,
}

impl Stack {
    pub async fn on_a_host() -> Self {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let server = Server::start().await;
        server.join();
        let agent = server.run_agent();
        Self { server, agent, name: format!("t{}-{number}", std::process::id()), port: 21_000 + number * 10 }
    }

    pub fn deployment(&self, revision: i32, compose: &str) -> Value {
        json!({"stack": self.name, "revision": revision, "compose": compose, "health_timeout_secs": 40})
    }

    pub async fn deploy(&self, revision: i32, compose: &str) -> Value {
        self.server
            .run(&format!("cmd_deploy_{revision}"), "deploy_stack", self.deployment(revision, compose))
            .await
    }

    pub async fn plan(&self, command_id: &str, compose: &str) -> Value {
        let parameters = json!({"stack": self.name, "revision": 1, "compose": compose});
        self.server.run(command_id, "plan_stack", parameters).await["result"].clone()
    }

    /// A web server with a health check.
    pub fn web(&self, said: &str) -> String {
        self.service("web", &format!("[serve, \"{said}\"]"))
    }

    pub fn service(&self, name: &str, command: &str) -> String {
        format!(
            "services:\n  {name}:\n    image: stacker.test/app:1\n    command: {command}\n    ports: [\"127.0.0.1:{}:8080\"]\n    volumes: [\"data:/data\"]\n    healthcheck: {{test: [CMD, /app, check], interval: 1s, timeout: 3s, retries: 2}}\nvolumes:\n  data:\n",
            self.port
        )
    }

    /// The text that the web server answers.
    pub fn says(&self) -> String {
        get(self.port).unwrap_or_else(|error| format!("nothing: {error}"))
    }

    /// Waits for a reported state of the stack that passes.
    pub async fn state(&self, what: &str, passes: impl Fn(&Value) -> bool) -> Value {
        self.server
            .until(what, |heard| {
                let stacks = heard.states.last()?["stacks"].as_array()?;
                stacks.iter().find(|stack| stack["deployment_hash"] == HASH && passes(stack)).cloned()
            })
            .await
    }

    pub fn has_container(&self, service: &str) -> bool {
        !engine(&[
            "ps",
            "-aq",
            "--filter",
            &format!("label=com.docker.compose.project={}", self.name),
            "--filter",
            &format!("label=com.docker.compose.service={service}"),
        ])
        .trim()
        .is_empty()
    }

    pub fn container(&self, service: &str) -> String {
        engine(&[
            "ps",
            "-aq",
            "--filter",
            &format!("label=com.docker.compose.project={}", self.name),
            "--filter",
            &format!("label=com.docker.compose.service={service}"),
        ])
        .lines()
        .next()
        .unwrap_or_default()
        .to_owned()
    }

    pub fn volumes(&self) -> String {
        engine(&[
            "volume",
            "ls",
            "-q",
            "--filter",
            &format!("label=com.docker.compose.project={}", self.name),
        ])
    }

    pub fn steps(&self) -> Vec<String> {
        let mut steps: Vec<String> = self.server.heard(|heard| {
            heard.progress.iter().filter_map(|line| line["step"].as_str().map(str::to_owned)).collect()
        });
        steps.dedup();
        steps
    }
}

fn get(port: u16) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    stream.write_all(b"GET / HTTP/1.0\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer.rsplit("\r\n\r\n").next().unwrap_or_default().to_owned())
}

/// Calls the engine directly, as a user of the host would.
pub fn engine(arguments: &[&str]) -> String {
    // Docker's API works with both engines; Podman's client is always installed.
    let socket = std::env::var("STACKER_TEST_ENGINE").unwrap();
    let output = Command::new("podman")
        .args(["--remote", "--url", &format!("unix://{socket}")])
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}
