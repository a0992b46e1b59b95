//! `stacker agent`: makes this machine one of a server's hosts. It only asks; nothing on the host listens.
//!
//! ```text
//! poll ──> dispatch ──> journal: received ──> (one changing command per stack at a time)
//!                          started ──> commands/* ──> finished ──> report ──> reported
//! engine events ──> state ──> POST /api/v1/agent/state
//! ```
//!
//! Another command: a file in `commands/`, a line in `commands::run`. What goes over the wire is in `docs/agents.md`.

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
mod http;
mod install;
mod join;
mod journal;
mod outcome;
mod policy_file;
mod poll;
mod progress;
mod redact;
mod reports;
mod resources;
mod run;
mod running;
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
            let folder = Folder::open(folder.data_dir.as_deref())?;
            let join = join::Join { url, code, ca, name, replace, policy };
            runtime.block_on(join::run(join, &folder))?
        }
        AgentCommand::Run { policy, folder } => {
            log();
            let folder = Folder::open(folder.data_dir.as_deref())?;
            runtime.block_on(run::run(folder, policy))?;
            // What still hangs in the engine must not keep the process.
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

/// To standard error, where systemd and containers expect it; `RUST_LOG` says how much.
fn log() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    // In tests somebody may have done so already.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_target(false)
        .try_init();
}
