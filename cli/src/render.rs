//! `stacker render`: prints a compose file as JSON, with everything resolved and sorted.

use std::io::{self, IsTerminal, Write};

use domain::{check::Severity, stack::Stack};
use serde_json::Value;

use crate::{
    exit_status::ExitStatus,
    report::{Colours, Report},
    source,
};

pub fn run(file: &str) -> anyhow::Result<ExitStatus> {
    let source = source::read(file)?;
    let stack = Stack::read(&source.text);
    let report = Report { source: &source, colours: Colours::wanted(io::stderr().is_terminal()) };
    let mut errors = stack.findings().iter().filter(|finding| finding.severity == Severity::Error).peekable();
    let status = if errors.peek().is_some() { ExitStatus::Errors } else { ExitStatus::Fine };
    for finding in errors {
        writeln!(io::stderr(), "{}", report.finding(finding))?;
    }
    if stack.is_readable() {
        let document = sorted(stack.model().root.to_json());
        writeln!(io::stdout(), "{}", serde_json::to_string_pretty(&document)?)?;
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
