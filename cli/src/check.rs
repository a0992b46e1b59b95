//! `stacker check`: prints the findings for a compose file.

use std::io::{self, IsTerminal, Write};

use domain::{
    check::{Finding, Severity, check},
    stack::{Stack, Values},
};
use serde::Serialize;

use crate::{
    args::Format,
    exit_status::ExitStatus,
    report::{Colours, Report},
    source,
};

#[derive(Serialize)]
struct Answer<'f> {
    file: &'f str,
    errors: usize,
    warnings: usize,
    hints: usize,
    findings: &'f [Finding],
}

pub fn run(file: &str, format: Format) -> anyhow::Result<ExitStatus> {
    let source = source::read(file)?;
    // The rules need no values, only to know which variables have one.
    let names = source.values.keys().map(|name| (name.clone(), 0));
    let findings = check(&Stack::read(&source.text).with_values(Values::stored(names)));
    let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    let (errors, warnings, hints) = (count(Severity::Error), count(Severity::Warning), count(Severity::Hint));
    let mut out = io::stdout().lock();
    match format {
        Format::Json => {
            let answer = Answer { file: &source.name, errors, warnings, hints, findings: &findings };
            writeln!(out, "{}", serde_json::to_string_pretty(&answer)?)?;
        }
        Format::Text => {
            let report = Report { source: &source, colours: Colours::wanted(io::stdout().is_terminal()) };
            for finding in &findings {
                writeln!(out, "{}", report.finding(finding))?;
            }
            writeln!(out, "{}: {}", source.name, summary(errors, warnings, hints))?;
        }
    }
    Ok(if errors > 0 { ExitStatus::Errors } else { ExitStatus::Fine })
}

fn summary(errors: usize, warnings: usize, hints: usize) -> String {
    let counted = |count: usize, what: &str| match count {
        0 => None,
        1 => Some(format!("1 {what}")),
        more => Some(format!("{more} {what}s")),
    };
    let parts: Vec<String> = [counted(errors, "error"), counted(warnings, "warning"), counted(hints, "hint")]
        .into_iter()
        .flatten()
        .collect();
    if parts.is_empty() { "no problems found".to_owned() } else { parts.join(", ") }
}
