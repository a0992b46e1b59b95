//! The list of problems: what it shows in one line, and how it is counted.

use domain::check::{Finding, Severity};

/// One line of the list. Each error and each warning has a line of its own; hints of one kind share one.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub severity: Severity,
    /// In the order of the text; never empty.
    pub findings: Vec<Finding>,
}

/// The lines, the most severe first, then in the order of the text.
pub fn lines(findings: &[Finding]) -> Vec<Line> {
    let mut sorted = findings.to_vec();
    sorted.sort_by_key(|finding| (finding.severity, finding.place.start));
    let mut lines: Vec<Line> = Vec::new();
    for finding in sorted {
        let of_its_kind = |line: &&mut Line| {
            finding.severity == Severity::Hint
                && line.severity == Severity::Hint
                && line.findings.iter().all(|other| other.code == finding.code)
        };
        match lines.iter_mut().find(of_its_kind) {
            Some(line) => line.findings.push(finding),
            None => lines.push(Line { severity: finding.severity, findings: vec![finding] }),
        }
    }
    lines
}

/// `1 error · 2 warnings · 3 hints`, or that there are none.
pub fn counted(findings: &[Finding]) -> String {
    let parts: Vec<String> = [
        (Severity::Error, "error", "errors"),
        (Severity::Warning, "warning", "warnings"),
        (Severity::Hint, "hint", "hints"),
    ]
    .into_iter()
    .filter_map(|(severity, one, many)| {
        match findings.iter().filter(|finding| finding.severity == severity).count() {
            0 => None,
            1 => Some(format!("1 {one}")),
            count => Some(format!("{count} {many}")),
        }
    })
    .collect();
    if parts.is_empty() { "No problems found".to_owned() } else { parts.join(" · ") }
}

#[cfg(test)]
mod tests {
    use domain::{check::Basis, compose::Place};

    use super::*;

    fn finding(code: &str, severity: Severity, at: usize) -> Finding {
        Finding::new(code, (severity, Basis::Advice), "a: 1\nb: 2\nc: 3\n", Place::at(at), "…")
    }

    #[test]
    fn hints_of_one_kind_share_a_line_and_errors_do_not() {
        let all = [
            finding("hint", Severity::Hint, 0),
            finding("error", Severity::Error, 10),
            finding("error", Severity::Error, 5),
            finding("other", Severity::Hint, 5),
            finding("hint", Severity::Hint, 10),
        ];
        let shown: Vec<Vec<usize>> = lines(&all)
            .iter()
            .map(|line| line.findings.iter().map(|finding| finding.place.start).collect())
            .collect();
        assert_eq!(shown, [vec![5], vec![10], vec![0, 10], vec![5]]);
    }

    #[test]
    fn each_severity_is_counted_for_itself() {
        assert_eq!(counted(&[]), "No problems found");
        let all = [
            finding("a", Severity::Hint, 0),
            finding("b", Severity::Error, 0),
            finding("c", Severity::Hint, 0),
            finding("d", Severity::Warning, 0),
        ];
        assert_eq!(counted(&all), "1 error · 1 warning · 2 hints");
        assert_eq!(counted(&all[..1]), "1 hint");
    }
}
