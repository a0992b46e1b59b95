//! `stacker edit`: changes a compose file with the edits that the builder and the REST API use.

use std::{
    fs::{self, OpenOptions},
    io::{self, IsTerminal, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use anyhow::{Context, bail};
use domain::{
    check::{Basis, Finding, Severity},
    compose::Place,
    deploy::write_env_file,
    stack::{Edit, HeldValue, Refusal, Stack, Values},
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
    // Edits need no values, only to know which names are taken.
    let names = source.values.keys().map(|name| (name.clone(), 0));
    let mut stack = Stack::read(&source.text).with_values(Values::stored(names));
    for edit in &edits {
        match stack.apply(edit) {
            Ok(next) => stack = next,
            Err(refusal) => {
                refuse(Source { text: stack.text().to_owned(), ..source }, &refusal)?;
                return Ok(ExitStatus::Errors);
            }
        }
    }
    let new: Vec<(&str, &str)> = stack.values().iter().filter_map(new_value).collect();
    if !write && !new.is_empty() {
        let names: Vec<&str> = new.iter().map(|(name, _)| *name).collect();
        bail!(
            "these edits set values that belong in `.env`: {}. Use --write to change both files",
            names.join(", ")
        );
    }
    if write {
        if !new.is_empty() {
            write_values(&Path::new(file).with_file_name(".env"), &new)?;
        }
        fs::write(file, stack.text()).with_context(|| format!("cannot write {file}"))?;
    } else {
        io::stdout().write_all(stack.text().as_bytes())?;
    }
    Ok(ExitStatus::Fine)
}

pub fn new_value<'s>((name, value): (&'s str, &'s HeldValue)) -> Option<(&'s str, &'s str)> {
    match value {
        HeldValue::New(value) => Some((name, value.expose())),
        HeldValue::Stored(_) => None,
    }
}

/// Appends the values. Of several lines with the same name, the last one counts.
pub fn write_values(path: &Path, values: &[(&str, &str)]) -> anyhow::Result<()> {
    let cannot = || format!("cannot write {}", path.display());
    let before = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error).with_context(cannot),
    };
    let gap = if before.is_empty() || before.ends_with('\n') { "" } else { "\n" };
    let lines = format!("{gap}{}", write_env_file(values.iter().copied()));
    let file = OpenOptions::new().append(true).create(true).mode(0o600).open(path);
    file.and_then(|mut file| file.write_all(lines.as_bytes())).with_context(cannot)
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
        report.finding(&Finding::new(&refusal.code, (Severity::Error, Basis::Compose), &text, place, message))
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
