//! Findings, grouped by the line of the text in which they begin.

use domain::check::{Finding, Severity};

use super::lines;

/// All findings that begin in one line.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    pub line: usize,
    pub worst: Severity,
    pub findings: Vec<Finding>,
}

pub fn marks(text: &str, findings: &[Finding]) -> Vec<Mark> {
    let mut all: Vec<Mark> = Vec::new();
    for finding in findings {
        let line = lines::line_of(text, finding.place.start);
        match all.iter_mut().find(|mark| mark.line == line) {
            Some(mark) => {
                mark.worst = mark.worst.min(finding.severity);
                mark.findings.push(finding.clone());
            }
            None => all.push(Mark { line, worst: finding.severity, findings: vec![finding.clone()] }),
        }
    }
    all.sort_by_key(|mark| mark.line);
    all
}

#[cfg(test)]
mod tests {
    use domain::{check::Basis, compose::Place};

    use super::*;

    #[test]
    fn findings_of_one_line_share_a_mark_of_the_worst() {
        let text = "a: 1\nb: 2\n";
        let finding =
            |severity, at| Finding::new("code", (severity, Basis::Advice), text, Place::at(at), "…");
        let all = marks(
            text,
            &[finding(Severity::Hint, 5), finding(Severity::Error, 8), finding(Severity::Warning, 0)],
        );
        assert_eq!(
            all.iter().map(|mark| (mark.line, mark.worst)).collect::<Vec<_>>(),
            [(0, Severity::Warning), (1, Severity::Error)]
        );
    }
}
