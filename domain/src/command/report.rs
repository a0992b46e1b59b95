//! The outcome that an agent reports.

/// How a command ended. Existing agents use several words for each outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportedOutcome {
    Completed,
    Failed,
}

/// Reads the outcome from `command_status` if it is present, otherwise from `status`. `None` if the word is unknown.
pub fn outcome_of(status: &str, command_status: Option<&str>) -> Option<ReportedOutcome> {
    let word = command_status.unwrap_or(status).trim().to_ascii_lowercase();
    match word.as_str() {
        "success" | "completed" => Some(ReportedOutcome::Completed),
        "failed" | "error" => Some(ReportedOutcome::Failed),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_four_words_are_understood() {
        assert_eq!(outcome_of("success", None), Some(ReportedOutcome::Completed));
        assert_eq!(outcome_of("Completed", None), Some(ReportedOutcome::Completed));
        assert_eq!(outcome_of("failed", None), Some(ReportedOutcome::Failed));
        assert_eq!(outcome_of("error", None), Some(ReportedOutcome::Failed));
        assert_eq!(outcome_of("success", Some("failed")), Some(ReportedOutcome::Failed));
        assert_eq!(outcome_of("done", None), None);
    }
}
