//! The program `stacker` for hosts and terminals: it checks, renders, edits, formats and compares compose files as the builder does, and is the
//! agent that runs stacks on a host.
//!
//! It depends on `domain` only. It must not know the server's crates, its database or its pages: the agent speaks the wire format of
//! `docs/agents.md`, only with the server it has joined. `check`, `render`, `edit`, `fmt`, `diff` and `lsp` use no network.
//!
//! Start reading in `args.rs` (every command), then `check/mod.rs`, or `agent/mod.rs` for the agent. To add a command: a variant in
//! `args.rs`, a file with a `run` beside this one, a line in [`main`].

mod agent;
mod args;
mod check;
mod completions;
mod diff;
mod edit;
mod exit_status;
mod fmt;
mod lsp;
mod man;
mod render;
mod report;
mod source;
mod write;

use std::{
    io::{self, Write},
    process::ExitCode,
};

use clap::Parser;

use args::{Arguments, Command};
use exit_status::ExitStatus;

fn main() -> ExitCode {
    let status = match Arguments::parse().command {
        Command::Check(arguments) => check::run(&arguments),
        Command::Render { file, files } => render::run(file.as_slice(), &files),
        Command::Edit { file, edits, write } => edit::run(&file, &edits, write),
        Command::Fmt { files, check, diff } => fmt::run(
            &files,
            match (check, diff) {
                (true, _) => fmt::Mode::Check,
                (false, true) => fmt::Mode::Diff,
                (false, false) => fmt::Mode::Write,
            },
        ),
        Command::Diff { before, after, format } => diff::run(&before, &after, format),
        Command::Lsp { .. } => lsp::run(),
        Command::Completions { shell } => completions::run(shell),
        Command::Man { command } => man::run(&command),
        Command::Agent(command) => agent::run(command),
    };
    let status = status.unwrap_or_else(|error| {
        // A closed pipe is not an error: the reader has seen enough.
        let seen_enough =
            error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe);
        if !seen_enough {
            complain(&format!("{error:#}"));
        }
        ExitStatus::CannotRead
    });
    ExitCode::from(status as u8)
}

/// Says something on standard error. If that is closed, there is nothing left to try.
fn complain(message: &str) {
    let _ = writeln!(io::stderr(), "stacker: {message}");
}
