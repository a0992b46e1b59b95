//! `stacker edit`: changes a compose file with the edits that the builder and the REST API use.

use std::{
    fs,
    io::{self, IsTerminal, Write},
};

use anyhow::{Context, bail};
use domain::{
    check::{Finding, Severity},
    compose::Place,
    stack::{Edit, Refusal, Stack},
};

use crate::{
    exit_status::ExitStatus,
    report::{Colours, Report},
    source::{self, Source},
};

pub fn run(file: &str, edits: &str, write: bool) -> anyhow::Result<ExitStatus> {
    if write && file == "-" {
        bail!("standard input cannot be written: leave out --write to print the new text");
    }
    let edits = read(edits)?;
    let source = source::read(file)?;
    let mut stack = Stack::read(&source.text);
    for edit in &edits {
        match stack.apply(edit) {
            Ok(next) => stack = next,
            Err(refusal) => {
                refuse(Source { name: source.name, text: stack.text().to_owned() }, &refusal)?;
                return Ok(ExitStatus::Errors);
            }
        }
    }
    if write {
        fs::write(file, stack.text()).with_context(|| format!("cannot write {file}"))?;
    } else {
        io::stdout().write_all(stack.text().as_bytes())?;
    }
    Ok(ExitStatus::Fine)
}

fn read(edits: &str) -> anyhow::Result<Vec<Edit>> {
    let json: serde_json::Value = serde_json::from_str(edits).context("the edits are not JSON")?;
    let list = if json.is_array() { json } else { vec![json].into() };
    serde_json::from_value(list).context("these are not edits")
}

/// Prints the reason with its place, the other places that it is about, and the edits to choose from.
fn refuse(source: Source, refusal: &Refusal) -> anyhow::Result<()> {
    let text = source.text.clone();
    let report = Report { source: &source, colours: Colours::wanted(io::stderr().is_terminal()) };
    let mut out = io::stderr().lock();
    let show = |place: Place, message: &str| {
        report.finding(&Finding::new(&refusal.code, Severity::Error, &text, place, message))
    };
    match refusal.place {
        Some(place) => writeln!(out, "{}", show(place, &refusal.message))?,
        None => writeln!(out, "error[{}]: {}", refusal.code, refusal.message)?,
    }
    let Some(question) = &refusal.question else { return Ok(()) };
    for asked in question.places.iter().skip(1) {
        writeln!(out, "{}", show(asked.place, "here too"))?;
    }
    for choice in &question.choices {
        writeln!(out, "{}:\n  {}", choice.label, serde_json::to_string(&choice.edits)?)?;
    }
    Ok(())
}
