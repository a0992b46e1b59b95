//! `stacker render`: prints a compose file, or several merged ones, as JSON, with everything resolved and sorted.

use std::io::{self, IsTerminal, Write};

use domain::{
    check::{Finding, Severity, finding_in_file},
    compose::files::{self, File, MOST_FILES},
    stack::Stack,
};
use serde_json::Value;

use crate::{
    exit_status::ExitStatus,
    report::{Colours, Report},
    source::{self, Source},
};

/// Prints one file, or several ones merged.
pub fn run(file: &[String], files: &[String]) -> anyhow::Result<ExitStatus> {
    let sources =
        file.iter().chain(files).map(|file| source::read(file)).collect::<anyhow::Result<Vec<Source>>>()?;
    match sources.as_slice() {
        [source] => {
            let stack = Stack::read(&source.text);
            let document = stack.is_readable().then(|| stack.model().root.to_json());
            print(&sources, stack.findings().iter().map(|finding| (0, finding.clone())), document)
        }
        sources if sources.len() > MOST_FILES => anyhow::bail!("more than {MOST_FILES} files are not merged"),
        sources => {
            let named: Vec<File<'_>> =
                sources.iter().map(|source| File { name: &source.name, text: &source.text }).collect();
            let read = files::read(&named);
            let document = read.readable.then(|| read.model.root.to_json());
            print(
                sources,
                read.findings.iter().map(|finding| finding_in_file(&read.joined, finding)),
                document,
            )
        }
    }
}

fn print(
    sources: &[Source],
    findings: impl Iterator<Item = (usize, Finding)>,
    document: Option<Value>,
) -> anyhow::Result<ExitStatus> {
    let colours = Colours::wanted(io::stderr().is_terminal());
    let mut status = ExitStatus::Fine;
    for (at, finding) in findings.filter(|(_, finding)| finding.severity == Severity::Error) {
        status = ExitStatus::Errors;
        if let Some(source) = sources.get(at) {
            writeln!(io::stderr(), "{}", Report { source, colours }.finding(&finding))?;
        }
    }
    if let Some(document) = document {
        writeln!(io::stdout(), "{}", serde_json::to_string_pretty(&sorted(document))?)?;
    }
    Ok(status)
}

fn sorted(value: Value) -> Value {
    match value {
        Value::Object(entries) => {
            let mut entries: Vec<_> = entries.into_iter().map(|(key, value)| (key, sorted(value))).collect();
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(entries.into_iter().collect())
        }
        Value::Array(items) => items.into_iter().map(sorted).collect(),
        value => value,
    }
}
