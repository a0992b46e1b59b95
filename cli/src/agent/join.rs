//! `stacker agent join`: registers this host with a one-time code and stores its credentials.

use std::path::{Path, PathBuf};

use anyhow::Context;
use domain::api::{AgentPlace, RegisterAgent, RegisterAnswer, quoted};
use reqwest::StatusCode;

use super::{
    api, capabilities, credentials::Credentials, engine::has_systemd, folder::Folder, http, resources,
};

pub struct Join {
    pub url: String,
    pub code: String,
    pub ca: Option<PathBuf>,
    pub name: Option<String>,
    pub replace: bool,
    pub policy: PathBuf,
    /// As given on the command line.
    pub data_dir: Option<PathBuf>,
}

/// What is printed before anything is written.
pub fn announcement(folder: &Path, is_chosen: bool) -> String {
    let choice = if is_chosen { "" } else { " (--data-dir names another folder)" };
    format!(
        "Writes to {}{choice}: the credentials now, and later everything that the agent keeps.",
        folder.display()
    )
}

/// Joins the server and returns the text to print.
pub async fn run(join: Join, folder: &Folder) -> anyhow::Result<String> {
    let url = http::base_url(&join.url)?;
    if !join.replace && folder.credentials().exists() {
        let before = Credentials::load(folder).map(|credentials| credentials.url).unwrap_or_default();
        anyhow::bail!("this host belongs to {before} already; --replace takes it to {url}");
    }
    let ca =
        join.ca.as_deref().map(Path::canonicalize).transpose().context("cannot find the file of --ca")?;
    let client = http::client(ca.as_deref())?;
    let mut system_info = resources::system_info(join.name.as_deref());
    place(join.data_dir.as_deref()).write_into(&mut system_info);
    let body = RegisterAgent {
        enrolment_code: Some(join.code.trim().to_owned()),
        capabilities: capabilities::under(&join.policy),
        system_info: Some(system_info),
        agent_version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        ..RegisterAgent::default()
    };
    let response =
        client.post(format!("{url}/api/v1/agent/register")).json(&body).send().await.map_err(|error| {
            anyhow::anyhow!("cannot reach {url}: {}", api::described(&error.without_url()))
        })?;
    let status = response.status();
    let answer = response.bytes().await.with_context(|| format!("{url} broke off its answer"))?;
    if status.is_redirection() {
        anyhow::bail!(
            "{url} points elsewhere ({status}); join with the address it really has, often the one with https"
        );
    }
    if !status.is_success() {
        let hint = match status {
            StatusCode::NOT_FOUND => " (is this the address of a Stacker server?)",
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::CONFLICT | StatusCode::GONE => {
                " (a code works once and not for long: make a new one)"
            }
            _ => "",
        };
        anyhow::bail!("{url} answers {status}: {}{hint}", api::message(&answer));
    }
    let registered: RegisterAnswer = serde_json::from_slice(&answer)
        .with_context(|| format!("{url} does not answer as a Stacker server does"))?;
    let item = registered.data.item;
    let agent_token = item.agent_token.context("the server gave no token; make a new code and try again")?;
    let credentials = Credentials {
        url: url.clone(),
        agent_id: item.agent_id.to_string(),
        agent_token,
        previous_token: None,
        channel: item.channel,
        ca,
    };
    credentials.store(folder)?;
    let mut said = format!(
        "This host belongs to {url} now. Its credentials are in {}.\n",
        folder.credentials().display()
    );
    if http::is_open(&url) {
        said.push_str(
            "Warning: without https everybody on the way can read the token and command this host.\n",
        );
    }
    let folder = match join.data_dir.as_deref().and_then(Path::to_str) {
        Some(folder) => format!(" --data-dir {}", quoted(folder)),
        None => String::new(),
    };
    said.push_str(&if has_systemd() {
        format!(
            "Next: `stacker agent install{folder}` makes it start with the system, `stacker agent run{folder}` starts it here."
        )
    } else {
        format!("Next: `stacker agent run{folder}` starts it here. There is no systemd that could keep it running.")
    });
    Ok(said)
}

/// What the server needs to name the command that starts this agent.
fn place(data_dir: Option<&Path>) -> AgentPlace {
    let text = |path: PathBuf| path.to_str().map(str::to_owned);
    AgentPlace {
        systemd: has_systemd(),
        as_root: rustix::process::geteuid().is_root(),
        program: std::env::current_exe().ok().and_then(text),
        folder: data_dir.and_then(|folder| std::path::absolute(folder).ok()).and_then(text),
    }
}
