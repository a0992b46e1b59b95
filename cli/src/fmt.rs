//! `stacker fmt`: gives compose files their canonical form.

use std::{
    io::{self, IsTerminal, Write},
    path::Path,
};

use domain::format::{FormatError, format as formatted_text};
use similar::TextDiff;

use crate::{
    exit_status::ExitStatus,
    report::{Colours, Report, printable},
    source::{self, Source},
    write::replace,
};

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Write,
    /// Print the names of files that would change.
    Check,
    /// Print what would change.
    Diff,
}

/// Formats the files one after the other. A file that cannot be formatted does not keep the others from it.
pub fn run(files: &[String], mode: Mode) -> anyhow::Result<ExitStatus> {
    let mut worst = ExitStatus::Fine;
    for file in files {
        let status = match one(file, mode) {
            Ok(status) => status,
            Err(error) if error.downcast_ref::<io::Error>().is_some_and(is_closed) => return Err(error),
            Err(error) => {
                writeln!(io::stderr(), "stacker: {error:#}")?;
                ExitStatus::CannotRead
            }
        };
        if status as u8 > worst as u8 {
            worst = status;
        }
    }
    Ok(worst)
}

fn is_closed(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::BrokenPipe
}

fn one(file: &str, mode: Mode) -> anyhow::Result<ExitStatus> {
    let source = source::read(file)?;
    let formatted = match formatted_text(&source.text) {
        Ok(formatted) => formatted,
        Err(error) => {
            refuse(&source, &error)?;
            return Ok(ExitStatus::Errors);
        }
    };
    let is_same = formatted == source.text;
    let mut out = io::stdout().lock();
    match mode {
        Mode::Write if file == "-" => {
            out.write_all(formatted.as_bytes())?;
            out.flush()?;
        }
        Mode::Write if is_same => {}
        Mode::Write => replace(Path::new(file), &source.text, &formatted)?,
        Mode::Check | Mode::Diff if is_same => {}
        Mode::Check => {
            writeln!(out, "{}", printable(&source.name))?;
            return Ok(ExitStatus::Errors);
        }
        Mode::Diff => {
            write!(out, "{}", difference(&source, &formatted))?;
            return Ok(ExitStatus::Errors);
        }
    }
    Ok(ExitStatus::Fine)
}

fn difference(source: &Source, formatted: &str) -> String {
    let name = printable(&source.name);
    let diff = TextDiff::from_lines(source.text.as_str(), formatted);
    diff.unified_diff().header(&name, &format!("{name} (formatted)")).to_string()
}

fn refuse(source: &Source, error: &FormatError) -> io::Result<()> {
    let mut out = io::stderr().lock();
    match error {
        FormatError::Unreadable(finding) => {
            let report = Report { source, colours: Colours::wanted(io::stderr().is_terminal()) };
            writeln!(out, "{}", report.finding(finding))
        }
        FormatError::Unsafe(_) => writeln!(out, "stacker: {}: {error}", printable(&source.name)),
    }
}
