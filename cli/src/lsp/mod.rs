//! `stacker lsp`: a language server for compose files, over standard input and output.
//!
//! What it answers comes from [`domain::language`] and [`domain::check`]; here is only what has to do with the protocol:
//! - [`transport`] frames messages and survives nonsense
//! - [`server`] has one method for each request and notification
//! - [`documents`] holds the texts of open documents, [`workspace`] reads the few files beside them
//! - [`diagnostics`], [`actions`], [`answers`] and [`text_edits`] turn results into the protocol's types
//!
//! It reads only inside the folders of the workspace, writes no file, and uses no network. Messages are handled one after
//! the other, so that each request sees the text that its position is about.

mod actions;
mod answers;
mod capabilities;
mod diagnostics;
mod documents;
mod options;
mod parent;
mod ranges;
mod server;
mod text_edits;
mod transport;
mod workspace;

use std::io;

use anyhow::Context;
use tower_lsp_server::LspService;

use crate::exit_status::ExitStatus;
use server::Server;
use transport::End;

pub fn run() -> anyhow::Result<ExitStatus> {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    // Standard output belongs to the protocol. It fails only if there is a logger already.
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).try_init();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(8)
        .enable_all()
        .build()
        .context("cannot start the language server")?;
    let (service, socket) = LspService::new(Server::new);
    let gone = service.inner().parent();
    let end = runtime.block_on(async {
        tokio::select! {
            end = transport::serve(tokio::io::stdin(), tokio::io::stdout(), service, socket) => end,
            () = gone.wait() => End::Abandoned,
        }
    });
    // A thread may still wait for standard input, although its other end is gone.
    runtime.shutdown_background();
    Ok(match end {
        End::Asked => ExitStatus::Fine,
        End::Abandoned => ExitStatus::Errors,
    })
}
