//! Workflow commands, which become remarks at the lines of a change:
//! <https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands>.

use std::fmt::Write;

use domain::check::Severity;

use super::{Outcome, end_of};

pub fn print(outcome: &Outcome<'_>) -> String {
    let mut out = String::new();
    for checked in outcome.files {
        for finding in &checked.report.findings {
            let command = match finding.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Hint => "notice",
            };
            let (start, end) = (finding.position, end_of(&checked.source.text, finding));
            // Columns are shown only within one line.
            let columns = if start.line == end.line {
                format!(",col={},endColumn={}", start.column, end.column)
            } else {
                String::new()
            };
            // Writing to a string cannot fail.
            let _ = writeln!(
                out,
                "::{command} file={},line={},endLine={}{columns},title={}::{}",
                property(&checked.source.name),
                start.line,
                end.line,
                property(&finding.code),
                message(&finding.message)
            );
        }
    }
    out
}

fn message(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_can_end_the_command() {
        assert_eq!(message("50% a:b,\r\n::error::"), "50%25 a:b,%0D%0A::error::");
        assert_eq!(property("a,b:c\n"), "a%2Cb%3Ac%0A");
    }
}
