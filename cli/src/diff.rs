//! `stacker diff`: compares two compose files in meaning.

use std::io::{self, IsTerminal, Write};

use anyhow::bail;
use domain::{
    check::Severity,
    difference::{Difference, Kind, differences},
    stack::Stack,
};
use serde::Serialize;

use crate::{
    args::Format,
    exit_status::ExitStatus,
    report::{Colours, Report, printable},
    source::{self, Source},
};

#[derive(Serialize)]
struct Answer<'a> {
    before: &'a str,
    after: &'a str,
    #[serde(flatten)]
    difference: &'a Difference,
}

pub fn run(before: &str, after: &str, format: Format) -> anyhow::Result<ExitStatus> {
    if before == "-" && after == "-" {
        bail!("standard input can be read only once: name a file instead of one `-`");
    }
    let (before, after) = (source::read(before)?, source::read(after)?);
    let (Some(old), Some(new)) = (readable(&before)?, readable(&after)?) else {
        return Ok(ExitStatus::CannotRead);
    };
    let difference = differences(&old, &new);
    let mut out = io::stdout().lock();
    match format {
        Format::Json => {
            let answer = Answer { before: &before.name, after: &after.name, difference: &difference };
            writeln!(out, "{}", serde_json::to_string_pretty(&answer)?)?;
        }
        Format::Text if difference.is_empty() => {
            writeln!(out, "{} and {} mean the same", printable(&before.name), printable(&after.name))?;
        }
        Format::Text => {
            let colours = Colours::wanted(io::stdout().is_terminal());
            for line in difference.lines() {
                let colour = match line.kind {
                    Kind::Added => "32",
                    Kind::Removed => "31",
                    Kind::Changed => "33",
                };
                writeln!(out, "{}", colours.paint(colour, &printable(&line.text)))?;
            }
        }
    }
    Ok(if difference.is_empty() { ExitStatus::Fine } else { ExitStatus::Errors })
}

/// `None` if the file is not valid; the reason is printed.
fn readable(source: &Source) -> anyhow::Result<Option<Stack>> {
    let stack = Stack::read(&source.text);
    if stack.is_readable() {
        return Ok(Some(stack));
    }
    let report = Report { source, colours: Colours::wanted(io::stderr().is_terminal()) };
    for finding in stack.findings().iter().filter(|finding| finding.severity == Severity::Error) {
        writeln!(io::stderr(), "{}", report.finding(finding))?;
    }
    Ok(None)
}
