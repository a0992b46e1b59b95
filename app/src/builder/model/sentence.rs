//! Texts of check rules and refusals, as sentences.

/// The text with a capital letter at the start and a full stop at the end.
pub fn sentence(text: &str) -> String {
    let text = text.trim();
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    let stop = if text.is_empty() || text.ends_with(['.', '!', '?', ':']) { "" } else { "." };
    format!("{first}{}{stop}", chars.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_begin_and_end_as_such() {
        assert_eq!(sentence("there is no service `db`"), "There is no service `db`.");
        assert_eq!(sentence("`api` depends on it."), "`api` depends on it.");
        assert_eq!(sentence(""), "");
    }
}
