//! For people: each finding like a message of a compiler, then the sums.

use std::{
    fmt::Write,
    io::{self, IsTerminal},
};

use domain::check::{Suppressed, Suppressor};

use super::{Checked, Counts, Outcome};
use crate::report::{Colours, Report};

pub fn print(outcome: &Outcome<'_>) -> String {
    let colours = Colours::wanted(io::stdout().is_terminal());
    let mut out = String::new();
    let mut say = |line: String| {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{line}");
    };
    for checked in outcome.files {
        let report = Report { source: &checked.source, colours };
        for finding in &checked.report.findings {
            say(report.finding(finding));
        }
        if outcome.show_suppressed {
            for suppressed in &checked.report.suppressed {
                say(report.suppressed(&suppressed.finding, &reason(suppressed)));
            }
        }
        let counts = Counts::of([checked]);
        // Hundreds of files without findings would hide the others.
        if !outcome.several || counts.has_any() {
            say(format!("{}: {}", name(checked), summary(&counts)));
        }
    }
    if outcome.several {
        let count = outcome.files.len();
        let files = if count == 1 { "file" } else { "files" };
        say(format!("{count} {files}: {}", summary(&outcome.counts)));
    }
    out
}

fn name(checked: &Checked) -> String {
    let name = crate::report::printable(&checked.source.name);
    match &checked.on_top_of {
        Some(base) => format!("{name} (on top of {})", crate::report::printable(base)),
        None => name,
    }
}

fn reason(suppressed: &Suppressed) -> String {
    let by = match suppressed.by {
        Suppressor::Comment(position) => format!("a comment in line {}", position.line),
        Suppressor::Settings => "the settings".to_owned(),
    };
    match &suppressed.reason {
        Some(reason) => format!("{by}: {reason}"),
        None => by,
    }
}

impl Counts {
    fn has_any(&self) -> bool {
        self.errors + self.warnings + self.hints + self.suppressed > 0
    }
}

fn summary(counts: &Counts) -> String {
    let counted = |count: usize, what: &str| match count {
        0 => None,
        1 => Some(format!("1 {what}")),
        more => Some(format!("{more} {what}s")),
    };
    let parts =
        [counted(counts.errors, "error"), counted(counts.warnings, "warning"), counted(counts.hints, "hint")];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    let found = if parts.is_empty() { "no problems found".to_owned() } else { parts.join(", ") };
    match counts.suppressed {
        0 => found,
        count => format!("{found} ({count} suppressed)"),
    }
}
