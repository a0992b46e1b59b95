//! What a person is shown about several files that Compose merges.

use super::{
    report::{Report, Suppressor, report_on},
    subject::Subject,
};
use crate::{
    compose::{
        Position,
        files::{Files, Joined},
    },
    finding::Finding,
    reporting::Settings,
    stack::Values,
};

/// One report for each file, in the order of the files: what is written there is wrong in the merged stack. There are no
/// fixes, because an edit is about one file.
pub fn report_files(files: &Files, values: &Values, settings: &Settings) -> Vec<Report> {
    let all = report_on(&Subject::of_files(files, values), settings);
    let mut reports = vec![Report::default(); files.joined.count()];
    for finding in all.findings {
        let (at, finding) = finding_in_file(&files.joined, &finding);
        if let Some(report) = reports.get_mut(at) {
            report.findings.push(finding);
        }
    }
    for mut suppressed in all.suppressed {
        let (at, finding) = finding_in_file(&files.joined, &suppressed.finding);
        suppressed.finding = finding;
        if let Suppressor::Comment(position) = &mut suppressed.by {
            *position = files.joined.position_in_file(*position);
        }
        if let Some(report) = reports.get_mut(at) {
            report.suppressed.push(suppressed);
        }
    }
    reports
}

/// The index of the file that a finding of [`Files`] is about, and the finding with its place there.
pub fn finding_in_file(joined: &Joined, finding: &Finding) -> (usize, Finding) {
    let (at, place) = joined.place_in_file(finding.place);
    let position = Position::of(joined.text_of(at), place.start);
    (at, Finding { place, position, fix: None, fix_all: None, ..finding.clone() })
}
