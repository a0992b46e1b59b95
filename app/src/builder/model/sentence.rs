//! Texts of check rules and refusals, as sentences. Text between backticks is code.

/// The text with a capital letter at the start and a full stop at the end.
pub fn sentence(text: &str) -> String {
    let text = text.trim();
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    let stop = if text.is_empty() || text.ends_with(['.', '!', '?', ':']) { "" } else { "." };
    format!("{first}{}{stop}", chars.as_str())
}

/// The text cut at its backticks; the flag says whether a part is code.
pub fn parts(text: &str) -> Vec<(bool, String)> {
    let pieces: Vec<&str> = text.split('`').collect();
    // With an odd number of backticks, the last one is a plain character.
    let closed = if pieces.len() % 2 == 1 { pieces.len() } else { pieces.len() - 1 };
    let mut all: Vec<(bool, String)> = Vec::new();
    for (number, piece) in pieces.iter().enumerate() {
        if number >= closed {
            all.push((false, format!("`{piece}")));
        } else if !piece.is_empty() {
            all.push((number % 2 == 1, (*piece).to_owned()));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_between_backticks_is_code() {
        let all = parts("Write `a:b` in `c`.");
        let shown: Vec<_> = all.iter().map(|(is_code, part)| (*is_code, part.as_str())).collect();
        assert_eq!(shown, [(false, "Write "), (true, "a:b"), (false, " in "), (true, "c"), (false, ".")]);
    }

    #[test]
    fn a_lonely_backtick_is_a_character() {
        let all: String = parts("it`s").into_iter().map(|(_, part)| part).collect();
        assert_eq!(all, "it`s");
    }

    #[test]
    fn sentences_begin_and_end_as_such() {
        assert_eq!(sentence("there is no service `db`"), "There is no service `db`.");
        assert_eq!(sentence("`api` depends on it."), "`api` depends on it.");
        assert_eq!(sentence(""), "");
    }
}
