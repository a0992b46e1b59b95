//! JUnit XML: a suite for each file, with a failed test for each error and warning. Hints do not fail.

use domain::check::Severity;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::Outcome;

pub fn print(outcome: &Outcome<'_>) -> anyhow::Result<String> {
    let mut report = Report::new("stacker check");
    for checked in outcome.files {
        let name = checked.source.name.as_str();
        let mut suite = TestSuite::new(name);
        for finding in &checked.report.findings {
            let place = format!("{name}:{}:{}", finding.position.line, finding.position.column);
            let mut status = match finding.severity {
                Severity::Hint => TestCaseStatus::success(),
                Severity::Error | Severity::Warning => TestCaseStatus::non_success(NonSuccessKind::Failure),
            };
            let kind = match finding.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Hint => "hint",
            };
            let is_failure = finding.severity != Severity::Hint;
            if is_failure {
                status.set_type(kind).set_message(&finding.message);
                status.set_description(format!("{place}: {kind}[{}]: {}", finding.code, finding.message));
            }
            let mut case = TestCase::new(format!("{} at {place}", finding.code), status);
            case.set_classname(name);
            if !is_failure {
                case.set_system_out(format!("{place}: hint[{}]: {}", finding.code, finding.message));
            }
            suite.add_test_case(case);
        }
        if checked.report.findings.is_empty() {
            let mut case = TestCase::new("no problems found", TestCaseStatus::success());
            case.set_classname(name);
            suite.add_test_case(case);
        }
        report.add_test_suite(suite);
    }
    Ok(report.to_string()?)
}
