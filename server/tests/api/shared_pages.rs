//! Checks section `shared` of `access_table.txt`: what each project role is allowed to do by server function and event stream.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    access::ProjectRole,
    cloud::{CloudBody, DeployBody},
};
use futures::{StreamExt as _, stream};
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use stacker::services::Browser;

use crate::{
    access_table::{compare, section},
    helpers::{ApiClient, TestApp, caller, spawn_without_rate_limits},
};

const CALLERS: [&str; 5] = ["owner", "editor", "operator", "viewer", "other"];
/// Paths of server functions about one project, which have a line in the section.
const AREAS: [&str; 4] = ["/rpc/clouds/", "/rpc/deployments/", "/rpc/sharing/", "/rpc/projects/"];
/// Exceptions: these list all projects or deployments of the caller, create a project, or are about the caller's own clouds.
const OF_NOBODY_ELSE: [&str; 8] = [
    "/rpc/clouds/add",
    "/rpc/clouds/change",
    "/rpc/clouds/check",
    "/rpc/clouds/list",
    "/rpc/clouds/share",
    "/rpc/deployments/list",
    "/rpc/projects/list",
    "/rpc/projects/import",
];
const ELSEWHERE: [&str; 3] =
    ["POST /rpc/hosts/of-project", "GET /deployments/{hash}/events", "GET /projects/{id}/events"];

struct Cast {
    app: TestApp,
    /// The session cookie of each caller.
    sessions: BTreeMap<&'static str, String>,
    owner: ApiClient,
    host: String,
}

impl Cast {
    async fn assemble() -> Self {
        let app = spawn_without_rate_limits().await;
        let mut sessions = BTreeMap::new();
        for who in CALLERS {
            let token = app.services.sessions().start(&caller(who), &Browser::default()).await.unwrap();
            let token = secrecy::ExposeSecret::expose_secret(&token).to_owned();
            sessions.insert(who, format!("stacker_session={token}"));
        }
        let owner = app.client("owner").await;
        let host = owner.post("/api/v1/hosts").json(&json!({"name": "attic"})).send().await.unwrap();
        let host: Value = host.json().await.unwrap();
        let host = host["item"]["host_id"].as_str().unwrap().to_owned();
        Self { app, sessions, owner, host }
    }

    /// Makes a new project with a member in each role, and arguments for any function. Every function gets all of them.
    async fn arguments(&self) -> Value {
        let (projects, owner) = (self.app.services.projects(), caller("owner"));
        let project = self.owner.import("p", "services:\n  web:\n    image: nginx:1.27\n").await;
        let id = i32::try_from(project).unwrap();
        for role in ProjectRole::GIVEN {
            let code = projects.invite(&owner, id, role).await.unwrap().code.unwrap();
            projects.join(&caller(role.as_str()), &code).await.unwrap();
        }
        let invitation = projects.invite(&owner, id, ProjectRole::Viewer).await.unwrap().id;
        let form = DeployBody::to_host(self.host.parse().unwrap());
        let deployed = self.app.services.deployments().deploy(&owner, id, form).await.unwrap();
        // At a provider that is not asked anything.
        let cloud = json!({"provider": "contabo", "cloud_key": "k3y", "save_token": true});
        let cloud = CloudBody::parse(&cloud).unwrap();
        let clouds = self.app.services.clouds();
        let cloud = clouds.create(&owner, &cloud).await.unwrap().id;
        clouds.share(&owner, cloud, &BTreeSet::from([id])).await.unwrap();
        let machine = json!({"region": "", "zone": "", "size": "", "os": "", "disk_type": "", "domain": "", "ssh_user": "", "ssh_port": null});
        json!({"cloud": cloud, "machine": machine, "id": id, "project": id, "hash": deployed.deployment_hash, "host": self.host, "version": 1,
            "name": "q", "compose": "services: {}\n", "canvas": {}, "values": {}, "reached_at": "", "number": 1, "request": {"revision": 1},
            "volumes": [], "service": "web", "action": "restart", "command_id": deployed.command_id,
            "role": "viewer", "user_id": "viewer", "invitation": invitation})
    }

    async fn ask(&self, who: &str, method: &str, path: &str) -> StatusCode {
        let arguments = self.arguments().await;
        let path = path.replace("{hash}", arguments["hash"].as_str().unwrap());
        let path = path.replace("{id}", &arguments["id"].to_string());
        let request = || {
            let request = self.app.anonymous().request(method.parse().unwrap(), self.app.url(&path));
            request.header("sec-fetch-site", "same-origin").header("cookie", &self.sessions[who])
        };
        if method == "GET" {
            return request().send().await.unwrap().status();
        }
        // Most functions take a form, some take JSON. A function that cannot read its arguments does not check the caller.
        let form: Vec<_> = arguments.as_object().unwrap().iter().filter_map(as_field).collect();
        let answer = request().form(&form).send().await.unwrap();
        if is_unread(&answer) {
            return request().json(&arguments).send().await.unwrap().status();
        }
        answer.status()
    }
}

fn as_field((name, value): (&String, &Value)) -> Option<(String, String)> {
    match value {
        Value::String(text) => Some((name.clone(), text.clone())),
        Value::Number(number) => Some((name.clone(), number.to_string())),
        _ => None,
    }
}

fn is_unread(answer: &Response) -> bool {
    answer.status() == StatusCode::BAD_REQUEST || answer.status() == StatusCode::INTERNAL_SERVER_ERROR
}

/// A caller who is let in can still get 409 or 504: the request is not possible now, or its agent does not answer.
fn word(status: StatusCode) -> &'static str {
    match status.as_u16() {
        401 => "401",
        403 => "403",
        404 => "404",
        200..=299 | 409 | 504 => "yes",
        _ => "broken",
    }
}

#[tokio::test]
async fn pages_let_each_role_do_what_the_table_says() {
    let cast = Cast::assemble().await;
    let functions = server_fn::axum::server_fn_paths();
    let mut offered: BTreeSet<String> = functions
        .filter(|(path, _)| AREAS.iter().any(|area| path.starts_with(area)) && !OF_NOBODY_ELSE.contains(path))
        .map(|(path, method)| format!("{method} {path}"))
        .collect();
    offered.extend(ELSEWHERE.map(str::to_owned));
    let table = section("shared");
    let questions = offered.iter().flat_map(|about| CALLERS.map(|who| (about, who)));
    let words = stream::iter(questions).map(async |(about, who)| {
        let (method, path) = about.split_once(' ').unwrap();
        word(cast.ask(who, method, path).await).to_owned()
    });
    // Requests run concurrently, because some wait for an agent that does not answer.
    let words: Vec<_> = words.buffered(12).collect().await;
    let answers: Vec<_> = offered.iter().zip(words.chunks(CALLERS.len()).map(<[_]>::to_vec)).collect();
    let is_wrong = |about: &str, words| table.get(about) != Some(words);
    let wrong = answers.iter().filter(|(about, words)| is_wrong(about, words));
    let wrong: Vec<_> = wrong.map(|(about, words)| format!("{about} {}", words.join(" "))).collect();
    assert!(wrong.is_empty(), "as it is:\n{}", wrong.join("\n"));
    compare("shared", &table, &offered);
}
