//! `stacker`: what hosts and terminals run. The rules are those of the builder. `check` and `render` send
//! nothing anywhere; `agent` talks to the server it has joined, and to nobody else.
//!
//! Another command: a variant in `args.rs`, a file with a `run` beside this one, a line in [`main`].

mod agent;
mod args;
mod check;
mod exit_status;
mod render;
mod report;
mod source;

use std::{
    io::{self, Write},
    process::ExitCode,
};

use clap::Parser;

use args::{Arguments, Command};
use exit_status::ExitStatus;

fn main() -> ExitCode {
    let status = match Arguments::parse().command {
        Command::Check { file, format } => check::run(&file, format),
        Command::Render { file } => render::run(&file),
        Command::Agent(command) => agent::run(command),
    };
    let status = status.unwrap_or_else(|error| {
        // Who closes the pipe has seen enough.
        let seen_enough =
            error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe);
        if !seen_enough {
            // Nothing is left to try when even this cannot be said.
            let _ = writeln!(io::stderr(), "stacker: {error:#}");
        }
        ExitStatus::CannotRead
    });
    ExitCode::from(status as u8)
}
