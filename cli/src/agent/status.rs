//! `stacker agent status`: prints the server, the engine, the policy and the stacks.

use std::{fmt::Write, path::Path};

use super::{
    credentials::Credentials,
    engine::{Engine, compose::Compose, compose_missing::compose_missing, engine_missing, has_systemd},
    folder::Folder,
    journal::{Journal, Next},
    policy_file,
    stacks::folder as stack_folders,
};

pub async fn run(folder: &Folder, policy: &Path) -> anyhow::Result<String> {
    let mut said = String::new();
    let mut line = |name: &str, value: String| {
        // Writing to a string cannot fail.
        let _ = writeln!(said, "{name:<9} {value}");
    };
    match Credentials::load(folder) {
        Ok(credentials) => {
            line("server", credentials.url);
            line("agent", format!("{}, polls {}", credentials.agent_id, credentials.channel));
        }
        Err(error) => line("server", format!("{error:#}")),
    }
    line("folder", folder.root().display().to_string());
    let running = match (folder.is_running()?, has_systemd()) {
        (true, _) => "yes",
        (false, true) => "no: systemctl start stacker-agent",
        (false, false) => "no: stacker agent run",
    };
    line("running", running.to_owned());
    let engine = Engine::connect().await;
    match &engine {
        Some(engine) => line("engine", format!("{} at {}", engine.name, engine.socket.display())),
        None => {
            let missing = engine_missing();
            let command = missing.command().map(|command| format!(" {command}")).unwrap_or_default();
            line("engine", format!("none answers. {}{command}", missing.advice()));
        }
    }
    match (Compose::installed().await, &engine) {
        (Some(compose), _) => line("compose", compose.version),
        (None, Some(engine)) => {
            let missing = compose_missing(engine);
            let command = missing.command().map(|command| format!(" {command}")).unwrap_or_default();
            line("compose", format!("{}{command}", missing.advice()));
        }
        // What to install depends on the engine.
        (None, None) => line("compose", "not installed".to_owned()),
    }
    match policy_file::read(policy) {
        Ok(_) if policy.exists() => line("policy", policy.display().to_string()),
        Ok(_) => line("policy", format!("the usual one; {} does not exist", policy.display())),
        Err(failure) => line("policy", failure.message),
    }
    let entries = Journal::open(folder.journal())?.all()?;
    let open = entries.iter().filter(|entry| entry.next() != Next::Nothing).count();
    line("journal", format!("{} commands, {open} not reported yet", entries.len()));
    for record in stack_folders::all(folder) {
        let revision = record
            .last_good
            .map_or_else(|| "nothing runs".to_owned(), |revision| format!("revision {revision}"));
        let doing = record
            .applying
            .map(|applying| format!(", bringing up revision {}", applying.revision))
            .unwrap_or_default();
        line("stack", format!("{}: {revision}{doing}", record.stack));
    }
    Ok(said)
}
