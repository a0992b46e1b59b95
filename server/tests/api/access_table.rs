//! Checks `access_table.txt`, which lists everything the server offers and the result for each kind of caller, against a running
//! server.
//!
//! The test fails if the table lacks a route, has one that does not exist, or has a different result for a caller. It then prints
//! the actual lines: review them, and copy them into the table if they are right.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use domain::{access::ProjectRole, api::CreateAccessToken};
use futures::{StreamExt as _, stream};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use stacker::context::Clock as _;

use crate::{
    access::Program,
    helpers::{ApiClient, TestAgent, TestApp, caller, spawn_with},
    service_jwt::{KNOWN_SECRET, service},
};

const TABLE: &str = include_str!("access_table.txt");
/// Number of concurrent requests. Some responses wait for an agent that is not there.
const AT_ONCE: usize = 12;
const CALLERS: [&str; 12] = [
    "anonymous",
    "owner",
    "editor",
    "operator",
    "viewer",
    "other",
    "admin",
    "client",
    "agent",
    "other-agent",
    "expired",
    "revoked",
];

/// The lines of one section, by route, function or command.
pub fn section(name: &str) -> BTreeMap<String, Vec<String>> {
    let begin = format!("[{name}]");
    TABLE
        .lines()
        .skip_while(|line| *line != begin)
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| {
            let mut words = line.split_whitespace().map(str::to_owned);
            let about = format!("{} {}", words.next().unwrap(), words.next().unwrap());
            (about, words.collect())
        })
        .collect()
}

/// The word for a status in the table. A caller who is let in can still get an error about the request itself, and of
/// `/health_check` the answer that a busy database is slow.
fn word(path: &str, status: StatusCode) -> &'static str {
    match status.as_u16() {
        503 if path == "/health_check" => "yes",
        // Docker Hub is switched off in tests.
        503 if path.starts_with("/dockerhub/") => "yes",
        401 => "401",
        403 => "403",
        404 => "404",
        500.. => "broken",
        _ => "yes",
    }
}

/// All kinds of callers, and things of the owner that they try to access.
struct Cast {
    app: TestApp,
    owner: ApiClient,
    /// The members of the owner's projects, by their role.
    members: BTreeMap<&'static str, ApiClient>,
    other: ApiClient,
    admin: ApiClient,
    program: Program,
    agent: TestAgent,
    other_agent: TestAgent,
    expired: String,
    revoked: String,
    /// A host of the owner. All deployments use it, because a user can have only a limited number of hosts.
    host: Value,
}

impl Cast {
    async fn assemble() -> Self {
        let app = spawn_with(&[
            ("STACKER__RATE_LIMITS__ENABLED", "false"),
            ("STACKER__MAX_CLIENTS_NUMBER", "100000"),
            KNOWN_SECRET[0],
            KNOWN_SECRET[1],
        ])
        .await;
        let program = Program::of(&app, "owner", json!({"name": "program"})).await;
        let (agent, other_agent) = (app.agent_of("owner").await, app.agent_of("other").await);
        let tokens = app.services.tokens();
        let ends = app.clock.now() + TimeDelta::seconds(60);
        let expiring = CreateAccessToken { expires_at: Some(ends), ..CreateAccessToken::named("expired") };
        let expired = tokens.create(&caller("owner"), expiring).await.unwrap().token.unwrap();
        app.clock.advance(TimeDelta::seconds(61));
        let revoked = tokens.create(&caller("owner"), CreateAccessToken::named("revoked")).await.unwrap();
        tokens.revoke(&caller("owner"), revoked.id).await.unwrap();
        let owner = app.client("owner").await;
        let host = owner.post("/api/v1/hosts").json(&json!({"name": "attic"})).send().await.unwrap();
        let host: Value = host.json().await.unwrap();
        let mut members = BTreeMap::new();
        for role in ProjectRole::GIVEN {
            members.insert(role.as_str(), app.client(role.as_str()).await);
        }
        let cast = Self {
            owner,
            members,
            host: host["item"]["host_id"].clone(),
            other: app.client("other").await,
            admin: app.admin("admin").await,
            expired,
            revoked: revoked.token.unwrap(),
            app,
            program,
            agent,
            other_agent,
        };
        cast.share(cast.project_of(&cast.agent.hash).await).await;
        cast
    }

    /// Makes the members join the project.
    async fn share(&self, project: i64) -> i64 {
        let projects = self.app.services.projects();
        for role in ProjectRole::GIVEN {
            let id = i32::try_from(project).unwrap();
            let invitation = projects.invite(&caller("owner"), id, role).await.unwrap();
            projects.join(&caller(role.as_str()), &invitation.code.unwrap()).await.unwrap();
        }
        project
    }

    async fn project_of(&self, hash: &str) -> i64 {
        let answer = self.owner.get(&format!("/api/v1/deployments/{hash}")).send().await.unwrap();
        answer.json::<Value>().await.unwrap()["item"]["project_id"].as_i64().unwrap()
    }

    /// Makes a project of the owner, with the members in it.
    async fn project(&self) -> i64 {
        self.share(self.owner.import("p", "services:\n  web:\n    image: nginx:1.27\n").await).await
    }

    fn request(&self, who: &str, method: &str, path: &str, body: &Value) -> RequestBuilder {
        let method: Method = method.parse().unwrap();
        let plain = || self.app.anonymous().request(method.clone(), self.app.url(path));
        let of_agent = |agent: &TestAgent| plain().header("x-agent-id", &agent.id).bearer_auth(&agent.token);
        let request = match who {
            "anonymous" => plain(),
            "owner" => self.owner.request(method.clone(), path),
            "editor" | "operator" | "viewer" => self.members[who].request(method.clone(), path),
            "other" => self.other.request(method.clone(), path),
            "admin" => self.admin.request(method.clone(), path),
            "client" => {
                let text = if method == Method::GET { String::new() } else { body.to_string() };
                return self.program.signed(&self.app, method, path, &text);
            }
            "agent" => of_agent(&self.agent),
            "other-agent" => of_agent(&self.other_agent),
            "expired" => plain().bearer_auth(&self.expired),
            "revoked" => plain().bearer_auth(&self.revoked),
            "service" => plain().bearer_auth(service(&self.app, KNOWN_SECRET[1].1, "admin_service", 60)),
            "forged" => plain().bearer_auth(service(&self.app, "not the secret", "admin_service", 60)),
            _ => panic!("{who} is in no column"),
        };
        if method == Method::GET { request } else { request.json(body) }
    }

    async fn made(&self, path: &str, body: Value) -> Value {
        let answer = self.owner.post(path).json(&body).send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.text().await.unwrap());
        answer.json().await.unwrap()
    }

    /// Fills the path with a new thing of the owner's, and makes a valid body.
    async fn prepared(&self, method: &str, path: &str) -> (String, Value) {
        let id = |made: &Value| made["item"]["id"].to_string();
        let mut body = self.app.valid_body(path, method);
        let path = match path {
            "/project/{id}/clouds/{cloud_id}/offers" => {
                let project = self.project().await;
                let cloud = self.cloud().await;
                let to_it = json!({"projects": [project]});
                let share = self.owner.put(&format!("/cloud/{cloud}/projects")).json(&to_it).send().await;
                assert!(share.unwrap().status().is_success());
                path.replace("{id}", &project.to_string()).replace("{cloud_id}", &cloud)
            }
            "/project/{id}/deploy/status" => {
                let project = self.project_of(&self.deployment().await).await;
                path.replace("{id}", &project.to_string())
            }
            _ if path.starts_with("/cloud/{id}") => path.replace("{id}", &self.cloud().await),
            _ if path.starts_with("/server/{id}") => {
                let server = self.app.server_of("owner", self.project().await).await;
                path.replace("{id}", &server.to_string())
            }
            _ if path.starts_with("/project/{id}") || path == "/admin/project/{id}/compose" => {
                let project = self.project().await;
                let mut path = path.replace("{id}", &project.to_string());
                if path.contains("{invitation_id}") {
                    let invite = format!("/project/{project}/invitations");
                    let made = self.made(&invite, json!({"role": "viewer"})).await;
                    path = path.replace("{invitation_id}", made["item"]["id"].as_str().unwrap());
                }
                path.replace("{user_id}", "viewer")
            }
            _ if path.starts_with("/client/{id}") || path.starts_with("/admin/client/{id}") => {
                let client = self.made("/client", json!({"name": "c"})).await;
                path.replace("{id}", &id(&client))
            }
            "/registry/{id}" => {
                let server = format!("{}.example.com", self.app.services.context().random.uuid_v4());
                let body = json!({"server": server, "username": "u", "password": "p"});
                let made = self.made("/registry", body).await;
                path.replace("{id}", &id(&made))
            }
            "/api/v1/tokens/{id}" => {
                let token = self.made("/api/v1/tokens", json!({"name": "t", "scope": "read"})).await;
                path.replace("{id}", token["item"]["id"].as_str().unwrap())
            }
            _ if path.starts_with("/api/v1/hosts/{id}") => {
                let host = self.made("/api/v1/hosts", json!({"name": "h"})).await;
                path.replace("{id}", host["item"]["host_id"].as_str().unwrap())
            }
            // This code is for a deployment with an agent of its own. A deployment on a host needs no code.
            "/api/v1/deployments/{deployment_hash}/enrolment" => {
                let hash = self.app.deployment_of("owner").await;
                self.share(self.project_of(&hash).await).await;
                path.replace("{deployment_hash}", &hash)
            }
            _ if path.starts_with("/api/v1/deployments/{deployment_hash}") => {
                path.replace("{deployment_hash}", &self.deployment().await)
            }
            _ if path.starts_with("/api/v1/commands/{deployment_hash}") => {
                let command = self.command(&self.agent.hash).await;
                path.replace("{deployment_hash}", &self.agent.hash).replace("{command_id}", &command)
            }
            _ => path.replace("{deployment_hash}", &self.agent.hash),
        };
        let hash = &self.agent.hash;
        match path.as_str() {
            "/api/v1/commands" | "/api/v1/agent/commands/enqueue" => {
                body = json!({"deployment_hash": hash, "command_type": "backup"});
            }
            "/project/join" => {
                let project = self.owner.import("p", "services: {}\n").await;
                let invite = format!("/project/{project}/invitations");
                let made = self.made(&invite, json!({"role": "viewer"})).await;
                body = json!({"code": made["item"]["code"]});
            }
            "/api/v1/agent/commands/report" => {
                let command = self.command(hash).await;
                body = self.agent.report_body(&command, "success");
            }
            "/api/v1/agent/commands/progress" => {
                let command = self.command(hash).await;
                body = json!({"command_id": command, "deployment_hash": hash, "seq": 1, "step": "pull",
                    "message": "x", "at": "2026-01-01T00:00:00Z"});
            }
            _ if path.starts_with("/project/") && path.contains("/deploy") => {
                body = json!({"stack": {"stack_code": "shop", "vars": []}, "server": {}, "cloud": {"provider": "own"}});
            }
            _ if path.starts_with("/cloud") => {
                body = json!({"provider": "contabo", "projects": []});
            }
            _ if path.starts_with("/server") => body = json!({"region": "eu"}),
            _ if path.starts_with("/registry") => {
                let server = format!("{}.example.com", self.app.services.context().random.uuid_v4());
                body = json!({"server": server, "username": "u", "password": "p"});
            }
            _ if path.ends_with("/images/check") => body = json!({}),
            "/api/v1/apps/status" => {
                body = json!({"deployment_hash": hash, "app_code": "web", "status": "running"});
            }
            _ => {}
        }
        let path = path.replace("{namespace}", "acme").replace("{repository}", "shop");
        let path = path.replace("{number}", "1").replace("{cloud_id}", "1").replace("{user_id}", "owner");
        // The shortest possible timeout, so that the test does not wait longer than necessary.
        let path = if path.contains("/wait/") { format!("{path}?timeout=5") } else { path };
        (path, body)
    }

    /// Makes a cloud of the owner, at a provider that is not asked anything.
    async fn cloud(&self) -> String {
        let body = json!({"provider": "contabo", "cloud_key": "k3y", "save_token": true});
        self.made("/cloud", body).await["item"]["id"].to_string()
    }

    async fn deployment(&self) -> String {
        let project = self.project().await;
        let to_it = json!({"host": self.host});
        let deployed = self.made(&format!("/project/{project}/deploy"), to_it).await;
        deployed["meta"]["deployment_hash"].as_str().unwrap().to_owned()
    }

    async fn command(&self, hash: &str) -> String {
        let body = json!({"deployment_hash": hash, "command_type": "backup"});
        let made = self.made("/api/v1/commands", body).await;
        made["item"]["command_id"].as_str().unwrap().to_owned()
    }
}

pub fn compare(about: &str, table: &BTreeMap<String, Vec<String>>, offered: &BTreeSet<String>) {
    let listed: BTreeSet<String> = table.keys().cloned().collect();
    let missing: Vec<_> = offered.difference(&listed).collect();
    let gone: Vec<_> = listed.difference(offered).collect();
    assert!(
        missing.is_empty() && gone.is_empty(),
        "{about}: not in the table {missing:?}, no longer there {gone:?}"
    );
}

#[tokio::test]
async fn every_rest_route_answers_every_caller_as_the_table_says() {
    let cast = Cast::assemble().await;
    let table = section("rest");
    let routes = cast.app.rest_routes().await;
    let questions = routes.iter().flat_map(|route| CALLERS.map(|who| (route, who)));
    let words = stream::iter(questions).map(async |((method, path), who)| {
        let (filled, body) = cast.prepared(method, path).await;
        let answer = cast.request(who, method, &filled, &body).send().await.unwrap();
        word(path, answer.status()).to_owned()
    });
    let words: Vec<_> = words.buffered(AT_ONCE).collect().await;
    let abouts = routes.iter().map(|(method, path)| format!("{method} {path}"));
    let lines: Vec<_> = abouts.zip(words.chunks(CALLERS.len()).map(<[_]>::to_vec)).collect();
    let wrong = lines.iter().filter(|(about, words)| table.get(about) != Some(words));
    let wrong: Vec<_> = wrong.map(|(about, words)| format!("{about} {}", words.join(" "))).collect();
    assert!(wrong.is_empty(), "as it is:\n{}", wrong.join("\n"));
    compare("rest", &table, &routes.iter().map(|(method, path)| format!("{method} {path}")).collect());
}

#[tokio::test]
async fn a_service_may_what_administrators_may_and_one_that_only_says_so_nothing() {
    let cast = Cast::assemble().await;
    let lines = stream::iter(section("rest")).map(async |(about, words)| {
        let mut wrong = Vec::new();
        let (method, path) = about.split_once(' ').unwrap();
        let column = |name: &str| &words[CALLERS.iter().position(|caller| *caller == name).unwrap()];
        for (who, like) in [("service", "admin"), ("forged", "expired")] {
            let (filled, body) = cast.prepared(method, path).await;
            let answer = cast.request(who, method, &filled, &body).send().await.unwrap();
            if word(path, answer.status()) != column(like) {
                wrong.push(format!("{about}: {who} is answered {}, not {}", answer.status(), column(like)));
            }
        }
        wrong
    });
    let wrong = lines.buffered(AT_ONCE).collect::<Vec<_>>().await.concat();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn every_server_function_and_event_stream_is_in_the_table_and_asks_for_a_session() {
    let cast = Cast::assemble().await;
    let table = section("pages");
    let streams = ["GET /deployments/{hash}/events", "GET /hosts/events", "GET /projects/{id}/events"]
        .map(str::to_owned);
    let functions = server_fn::axum::server_fn_paths().map(|(path, method)| format!("{method} {path}"));
    let offered: BTreeSet<String> = functions.chain(streams).collect();
    compare("pages", &table, &offered);
    let operator = cast.app.signed_in().await;
    let owner = cast.app.client("owner").await;
    for (about, words) in table {
        let (method, path) = about.split_once(' ').unwrap();
        let hash = cast.app.deployment_of("owner").await;
        let project = owner.import("p", "services: {}\n").await.to_string();
        let path = path.replace("{hash}", &hash).replace("{id}", &project);
        // Functions check the caller after reading their arguments, so the two that take a hash get valid arguments.
        let form = [("hash", hash.as_str()), ("id", "1"), ("version", "1")];
        let send = async |client: &reqwest::Client| {
            let request = client.request(method.parse().unwrap(), cast.app.url(&path));
            request.header("sec-fetch-site", "same-origin").form(&form).send().await.unwrap().status()
        };
        let is_open = words[0] == "yes";
        let stranger = send(&cast.app.anonymous()).await;
        assert_eq!(stranger.is_success(), is_open, "{about} for nobody: {stranger}");
        let somebody = send(&operator).await;
        // The operator of this machine, too, gets 404 for what belongs to another user.
        assert_ne!(somebody, StatusCode::UNAUTHORIZED, "{about} with a session");
        assert_eq!(words[1], "session", "{about}");
        if path.contains(&hash) || path.contains(&format!("/{project}/")) {
            assert_eq!(somebody, StatusCode::NOT_FOUND, "{about}");
        }
    }
}

#[test]
fn every_console_command_is_in_the_table() {
    let console = |words: &[&str]| {
        let output =
            std::process::Command::new(env!("CARGO_BIN_EXE_console")).args(words).arg("--help").output();
        String::from_utf8(output.unwrap().stdout).unwrap()
    };
    let commands_in = |help: &str| -> Vec<String> {
        let list = help.split("Commands:\n").nth(1).unwrap_or_default();
        list.lines()
            .take_while(|line| !line.is_empty())
            .filter_map(|line| line.strip_prefix("  ").filter(|line| !line.starts_with(' ')))
            .filter_map(|line| line.split_whitespace().next().map(str::to_owned))
            .filter(|name| name != "help")
            .collect()
    };
    let mut offered = BTreeSet::new();
    for command in commands_in(&console(&[])) {
        let inner = commands_in(&console(&[&command]));
        if inner.is_empty() {
            offered.insert(format!("console {command}"));
        }
        offered.extend(inner.into_iter().map(|inner| format!("{command} {inner}")));
    }
    compare("console", &section("console"), &offered);
}
