//! A host with a container engine and without compose.

use std::{
    fs,
    io::{Read, Write},
    os::unix::{
        fs::PermissionsExt,
        net::{UnixListener, UnixStream},
    },
    path::{Path, PathBuf},
    thread,
};

use serde_json::json;
use tokio::process::Child;

use crate::stand_in::Server;

/// An engine that has nothing but a name, and an agent that finds only the programs of `programs`.
struct Host {
    server: Server,
    programs: PathBuf,
    _agent: Child,
}

impl Host {
    async fn start() -> Self {
        let server = Server::start().await;
        server.join();
        let (socket, programs) = (server.folder.path().join("engine.sock"), server.folder.path().join("bin"));
        fs::create_dir(&programs).unwrap();
        answer_as_engine(&socket);
        let mut command = server.command(&["run", "--policy"], Some(&server.policy));
        command.env("DOCKER_HOST", format!("unix://{}", socket.display())).env("PATH", &programs);
        let agent = command.spawn().unwrap();
        Self { server, programs, _agent: agent }
    }

    fn install(&self, program: &str, script: &str) {
        // Put in place as a whole: the agent may look at any moment.
        let (new, path) = (self.programs.join("new"), self.programs.join(program));
        fs::write(&new, script).unwrap();
        fs::set_permissions(&new, fs::Permissions::from_mode(0o755)).unwrap();
        fs::rename(new, path).unwrap();
    }
}

fn answer_as_engine(socket: &Path) {
    let listener = UnixListener::bind(socket).unwrap();
    thread::spawn(move || {
        for connection in listener.incoming().map_while(Result::ok) {
            thread::spawn(move || answer(connection));
        }
    });
}

/// Answers one request and closes the connection.
fn answer(mut connection: UnixStream) {
    let (mut request, mut bytes) = (String::new(), [0; 1024]);
    while !request.contains("\r\n\r\n") {
        match connection.read(&mut bytes) {
            Ok(count) if count > 0 => request.push_str(&String::from_utf8_lossy(&bytes[..count])),
            _ => return,
        }
    }
    let path = request.split(' ').nth(1).unwrap_or_default();
    let body = match path {
        path if path.ends_with("/version") => r#"{"Version": "28.2.2", "ApiVersion": "1.44"}"#,
        path if path.ends_with("/_ping") => "OK",
        _ => "[]",
    };
    let length = body.len();
    let head = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n");
    // The agent may have gone.
    let _ = write!(connection, "{head}connection: close\r\n\r\n{body}");
}

#[tokio::test]
async fn a_host_says_that_compose_is_missing_until_somebody_installs_it() {
    let host = Host::start().await;
    let states = |heard: &crate::stand_in::Heard| heard.states.last().cloned();
    let first = host.server.until("the state of the host", states).await;
    assert_eq!(first["engine"], "docker 28.2.2");
    assert!(first["compose_missing"]["packages"].is_string(), "{first}");
    assert!(!first["capabilities"].as_array().unwrap().contains(&json!("compose")));

    let parameters =
        json!({"stack": "shop-1", "revision": 1, "compose": "services:\n  web:\n    image: a:1\n"});
    let refused = host.server.run("cmd_1", "deploy_stack", parameters).await;
    assert_eq!(refused["errors"][0]["code"], "no-compose");
    assert!(refused["errors"][0]["message"].as_str().unwrap().starts_with("Docker Compose"), "{refused}");

    host.install("docker-compose", "#!/bin/sh\necho 2.26.1\n");
    let found = |heard: &crate::stand_in::Heard| {
        heard.states.last().filter(|state| state["compose_missing"].is_null()).cloned()
    };
    let state = host.server.until("the state with compose", found).await;
    assert!(state["capabilities"].as_array().unwrap().contains(&json!("compose")));
}
