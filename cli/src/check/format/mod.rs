//! The ways of printing findings, one file each. To add one, add a file with a `print`, a value of `Format`, and a line in
//! [`print`].

mod codeclimate;
mod github;
mod json;
mod junit;
mod sarif;
mod text;

use domain::check::{Finding, Severity};

use super::{args::Format, look::Checked};

/// What is printed.
pub struct Outcome<'o> {
    pub files: &'o [Checked],
    pub counts: Counts,
    /// Whether a folder or more than one file was asked about.
    pub several: bool,
    pub show_suppressed: bool,
    /// Where the rules are explained.
    pub rules_url: Option<&'o str>,
}

#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    errors: usize,
    warnings: usize,
    hints: usize,
    suppressed: usize,
}

impl Counts {
    pub fn of<'c>(files: impl IntoIterator<Item = &'c Checked>) -> Self {
        let mut counts = Self::default();
        for checked in files {
            counts.suppressed += checked.report.suppressed.len();
            for finding in &checked.report.findings {
                *match finding.severity {
                    Severity::Error => &mut counts.errors,
                    Severity::Warning => &mut counts.warnings,
                    Severity::Hint => &mut counts.hints,
                } += 1;
            }
        }
        counts
    }

    pub fn of_severity(&self, severity: Severity) -> usize {
        match severity {
            Severity::Error => self.errors,
            Severity::Warning => self.warnings,
            Severity::Hint => self.hints,
        }
    }
}

pub fn print(format: Format, outcome: &Outcome<'_>) -> anyhow::Result<String> {
    match format {
        Format::Text => Ok(text::print(outcome)),
        Format::Json => json::print(outcome),
        Format::Sarif => sarif::print(outcome),
        Format::Github => Ok(github::print(outcome)),
        Format::Junit => junit::print(outcome),
        Format::Codeclimate => codeclimate::print(outcome),
    }
}

/// Where the finding ends, as people count: after its last character.
fn end_of(text: &str, finding: &Finding) -> domain::compose::Position {
    domain::compose::Position::of(text, finding.place.end.max(finding.place.start))
}
