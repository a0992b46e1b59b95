//! The fixes of files that are merged: each is made in the file where the value stands.
//!
//! A finding is about the merged stack, an edit about one file. So a fix is made only if the file alone has the same finding
//! at the same place, and if the merged stack then has one such finding less and no new error.

use std::sync::Arc;

use domain::{
    check::{Finding, Report, Settings, Severity, report, report_files},
    compose::files::{self, File},
    stack::{Stack, Values},
};

use super::{
    fix::{Fixed, new_values},
    look::{Checked, names_of},
};

/// Each attempt reads all files again.
const MOST_ATTEMPTS: usize = 500;

/// Files that are read together.
struct Merged<'f> {
    names: Vec<&'f str>,
    values: Values,
    settings: &'f Settings,
}

/// What the fixes make of each file; `None` for files that stay.
pub fn fixed(checked: &[(Checked, Arc<Settings>)]) -> Vec<Option<Fixed>> {
    let Some((first, settings)) = checked.first() else { return Vec::new() };
    let names = checked.iter().map(|(checked, _)| checked.source.name.as_str()).collect();
    // Compose takes the values beside the first file.
    let merged = Merged { names, values: names_of(&first.source), settings };
    let read =
        |(checked, _): &(Checked, _)| Stack::read(&checked.source.text).with_values(merged.values.clone());
    let mut stacks: Vec<Stack> = checked.iter().map(read).collect();
    let mut reports = merged.reports(&stacks);
    let mut counts = vec![0; stacks.len()];
    let mut attempts = MOST_ATTEMPTS;
    while let Some((at, stack, next)) = merged.next_fix(&stacks, &reports, &mut attempts) {
        stacks[at] = stack;
        reports = next;
        counts[at] += 1;
    }
    let is_changed = counts.iter().any(|count| *count > 0);
    let all = stacks.into_iter().zip(reports).zip(counts);
    // The report of a file may change although its text stays.
    all.map(|((stack, report), count)| is_changed.then_some(Fixed { stack, report, count })).collect()
}

impl Merged<'_> {
    fn reports(&self, stacks: &[Stack]) -> Vec<Report> {
        let files: Vec<File<'_>> =
            self.names.iter().zip(stacks).map(|(name, stack)| File { name, text: stack.text() }).collect();
        report_files(&files::read(&files), &self.values, self.settings)
    }

    /// The first fix that helps: the file, its text afterwards and the reports on all files.
    fn next_fix(
        &self,
        stacks: &[Stack],
        reports: &[Report],
        attempts: &mut usize,
    ) -> Option<(usize, Stack, Vec<Report>)> {
        for (at, (stack, together)) in stacks.iter().zip(reports).enumerate() {
            let alone = report(stack, self.settings);
            for finding in &together.findings {
                let Some(next) = same(&alone, finding).and_then(|own| after(stack, own)) else { continue };
                *attempts = attempts.checked_sub(1)?;
                let mut all = stacks.to_vec();
                all[at] = next.clone();
                let then = self.reports(&all);
                if count(&then, finding) < count(reports, finding) && errors(&then) <= errors(reports) {
                    return Some((at, next, then));
                }
            }
        }
        None
    }
}

/// The finding of one file that says the same as one of the merged stack.
fn same<'r>(alone: &'r Report, finding: &Finding) -> Option<&'r Finding> {
    alone.findings.iter().find(|own| own.code == finding.code && own.place == finding.place)
}

/// The file after the fix. A secret stays where it is: two files may have the same variable with different values.
fn after(stack: &Stack, finding: &Finding) -> Option<Stack> {
    let next = stack.apply(&finding.fix.as_ref()?.edit).ok()?;
    (next.text() != stack.text() && new_values(&next).is_empty()).then_some(next)
}

fn count(reports: &[Report], finding: &Finding) -> usize {
    let all = reports.iter().flat_map(|report| &report.findings);
    all.filter(|other| other.code == finding.code).count()
}

fn errors(reports: &[Report]) -> usize {
    let all = reports.iter().flat_map(|report| &report.findings);
    all.filter(|finding| finding.severity == Severity::Error).count()
}
