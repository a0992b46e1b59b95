//! `stacker completions`: prints what a shell needs to complete commands and options.

use std::io::{self, Write};

use clap::CommandFactory;
use clap_complete::{Shell, generate};

use crate::{args::Arguments, exit_status::ExitStatus};

pub fn run(shell: Shell) -> anyhow::Result<ExitStatus> {
    let mut text = Vec::new();
    generate(shell, &mut Arguments::command(), "stacker", &mut text);
    io::stdout().lock().write_all(&text)?;
    Ok(ExitStatus::Fine)
}
