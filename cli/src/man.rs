//! `stacker man`: prints the man pages, made from the help texts.

use std::io::{self, Write};

use anyhow::bail;
use clap::{Command, CommandFactory};
use clap_mangen::Man;

use crate::{args::Arguments, exit_status::ExitStatus};

/// Prints the page of a command, or, without one, that of the program and of every command.
pub fn run(names: &[String]) -> anyhow::Result<ExitStatus> {
    let mut program = Arguments::command().disable_help_subcommand(true);
    // Gives every command its whole name.
    program.build();
    let mut command = &program;
    for name in names {
        match command.find_subcommand(name) {
            Some(inner) => command = inner,
            None => bail!("there is no command `{}`", names.join(" ")),
        }
    }
    let mut text = Vec::new();
    write_page(command, names.is_empty(), &mut text)?;
    io::stdout().lock().write_all(&text)?;
    Ok(ExitStatus::Fine)
}

fn write_page(command: &Command, with_inner: bool, out: &mut Vec<u8>) -> io::Result<()> {
    Man::new(command.clone()).title(title(command)).render(out)?;
    if with_inner {
        for inner in command.get_subcommands().filter(|inner| !inner.is_hide_set()) {
            write_page(inner, true, out)?;
        }
    }
    Ok(())
}

/// `stacker-check`
fn title(command: &Command) -> String {
    command.get_display_name().unwrap_or_else(|| command.get_name()).to_owned()
}
