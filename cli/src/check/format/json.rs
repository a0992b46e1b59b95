//! For programs: one object for one file, or an object with the sums and one object for each file.

use domain::check::{Finding, Suppressed};
use serde::Serialize;

use super::{Checked, Counts, Outcome};

#[derive(Serialize)]
struct OfFile<'f> {
    file: &'f str,
    #[serde(skip_serializing_if = "Option::is_none")]
    on_top_of: Option<&'f str>,
    errors: usize,
    warnings: usize,
    hints: usize,
    findings: &'f [Finding],
    suppressed: &'f [Suppressed],
}

#[derive(Serialize)]
struct OfFiles<'f> {
    errors: usize,
    warnings: usize,
    hints: usize,
    suppressed: usize,
    files: Vec<OfFile<'f>>,
}

pub fn print(outcome: &Outcome<'_>) -> anyhow::Result<String> {
    let files: Vec<OfFile<'_>> = outcome.files.iter().map(of_file).collect();
    let text = match files.as_slice() {
        [file] if !outcome.several => serde_json::to_string_pretty(file)?,
        _ => {
            let Counts { errors, warnings, hints, suppressed } = outcome.counts;
            serde_json::to_string_pretty(&OfFiles { errors, warnings, hints, suppressed, files })?
        }
    };
    Ok(text + "\n")
}

fn of_file(checked: &Checked) -> OfFile<'_> {
    let Counts { errors, warnings, hints, .. } = Counts::of([checked]);
    OfFile {
        file: &checked.source.name,
        on_top_of: checked.on_top_of.as_deref(),
        errors,
        warnings,
        hints,
        findings: &checked.report.findings,
        suppressed: &checked.report.suppressed,
    }
}
