//! `stacker agent`: makes this machine a host of a server. It only calls the server; nothing on the host listens.
//!
//! ```text
//! poll ──> dispatch ──> journal: received ──> (one changing command per stack at a time)
//!                          started ──> commands/* ──> finished ──> report ──> reported
//! engine events ──> state ──> POST /api/v1/agent/state
//! ```
//!
//! | folder | content |
//! |---|---|
//! | `commands/` | one file per command |
//! | `deploy/` | `deploy_stack`, one file per step |
//! | `stacks/` | what is stored about the stacks of this host |
//! | `engine/` | Docker or Podman, and compose |
//!
//! To add a command: a file in `commands/`, a line in `commands::run`. The wire format is in `docs/agents.md`.

mod ambient;
mod api;
pub mod args;
mod at_work;
mod backoff;
mod capabilities;
mod commands;
mod credentials;
mod delivered;
mod deploy;
mod dispatch;
mod engine;
mod failure;
mod files;
mod folder;
mod hidden;
mod http;
mod install;
mod join;
mod journal;
mod leave;
mod outcome;
mod policy_file;
mod poll;
mod progress;
mod redact;
mod reports;
mod resources;
mod run;
mod running;
mod signature;
mod stacks;
mod state;
mod status;
mod work;

use std::io::{self, Write};

use crate::exit_status::ExitStatus;
use args::AgentCommand;
use folder::Folder;

pub fn run(command: AgentCommand) -> anyhow::Result<ExitStatus> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let said = match command {
        AgentCommand::Join { url, code, ca, name, replace, policy, folder } => {
            let data_dir = folder.data_dir;
            // Said before anything is written.
            let place = Folder::place(data_dir.as_deref())?;
            writeln!(io::stdout(), "{}", join::announcement(&place, data_dir.is_some()))?;
            let folder = Folder::open(data_dir.as_deref())?;
            let join = join::Join { url, code, ca, name, replace, policy, data_dir };
            runtime.block_on(join::run(join, &folder))?
        }
        AgentCommand::Leave { force, folder } => {
            let place = Folder::place(folder.data_dir.as_deref())?;
            anyhow::ensure!(
                place.is_dir(),
                "there is no {}: this host has not joined a server",
                place.display()
            );
            let folder = Folder::open(folder.data_dir.as_deref())?;
            runtime.block_on(leave::run(force, &folder))?
        }
        AgentCommand::Run { policy, folder } => {
            log();
            let folder = Folder::open(folder.data_dir.as_deref())?;
            runtime.block_on(run::run(folder, policy))?;
            // Calls to the engine that hang must not keep the process alive.
            runtime.shutdown_background();
            return Ok(ExitStatus::Fine);
        }
        AgentCommand::Install { user, print, policy, folder } => {
            let install = install::Install { user, print, policy };
            install::run(&install, &Folder::open(folder.data_dir.as_deref())?)?
        }
        AgentCommand::Status { policy, folder } => {
            let folder = Folder::open(folder.data_dir.as_deref())?;
            runtime.block_on(status::run(&folder, &policy))?
        }
    };
    writeln!(io::stdout(), "{}", said.trim_end())?;
    Ok(ExitStatus::Fine)
}

/// Logs to standard error, where systemd and containers expect it. `RUST_LOG` sets the level.
fn log() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    // In tests a logger may be installed already.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_target(false)
        .try_init();
}
