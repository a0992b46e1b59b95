//! Reads `docker run` commands, as pasted from a manual, and turns each into the edits that add the same service.
//!
//! - `shell.rs` cuts the pasted text into commands and words, as a shell does
//! - `flags.rs` is the table of all flags and of what each means in compose. To support another flag, add a line there.
//! - `service.rs` collects the flags of one command and writes the edits
//!
//! Nothing is dropped silently: what has no counterpart in compose, or is unknown, is in [`DockerRun::notes`].

mod edits;
mod flags;
mod service;
mod shell;

#[cfg(test)]
mod tests;

pub use service::DockerRun;

use crate::stack::Refusal;

/// Longest text that is read, in bytes. Real commands have a few hundred.
const LONGEST: usize = 64 * 1024;

/// Whether a pasted text is meant as commands for Docker, Podman or nerdctl, with a `run` among them.
pub fn looks_like(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let first = lines.next().unwrap_or_default();
    shell::engine_of(first).is_some() && std::iter::once(first).chain(lines).any(shell::is_run)
}

/// Reads every `run` command of the text; never an empty list. The refusal says why there is no service in it.
pub fn read(text: &str) -> Result<Vec<DockerRun>, Refusal> {
    if text.len() > LONGEST {
        return Err(refusal("This text is longer than 64 KiB: no `docker run` command is that long."));
    }
    let mut runs: Vec<DockerRun> = Vec::new();
    let mut left_out = Vec::new();
    for command in
        shell::commands(text).ok_or_else(|| refusal("A quote is open: close it with the same quote."))?
    {
        match shell::run_arguments(&command) {
            Some(arguments) => runs.push(DockerRun::of(arguments)?),
            None => left_out.push(command.first().cloned().unwrap_or_default()),
        }
    }
    let Some(last) = runs.last_mut() else {
        return Err(refusal("There is no `docker run` command in this text."));
    };
    for word in left_out {
        last.notes.push(format!("Another command, `{word} …`, was left out."));
    }
    Ok(runs)
}

fn refusal(message: &str) -> Refusal {
    Refusal::new("docker-run-unreadable", message)
}
