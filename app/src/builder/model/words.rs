//! Commands in one text field: splits and joins words by the rules of compose.

/// `None` if a quote is open at the end, or if the line ends with a backslash.
pub fn split(line: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (Some('\''), '\'') | (Some('"'), '"') => quote = None,
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None | Some('"'), '\\') => match (quote, chars.next()?) {
                (Some(_), next) if !matches!(next, '"' | '\\' | '$' | '`') => {
                    word.get_or_insert_default().extend(['\\', next]);
                }
                (_, next) => word.get_or_insert_default().push(next),
            },
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    quote.is_none().then_some(words)
}

/// A line that [`split`] turns back into the same words.
pub fn join(words: &[String]) -> String {
    words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ")
}

fn quoted(word: &str) -> String {
    let plain = |c: char| !c.is_whitespace() && !matches!(c, '\'' | '"' | '\\');
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    if !word.contains('\'') {
        return format!("'{word}'");
    }
    let escaped: String = word
        .chars()
        .flat_map(|c| matches!(c, '"' | '\\' | '$' | '`').then_some('\\').into_iter().chain([c]))
        .collect();
    format!("\"{escaped}\"")
}

#[cfg(test)]
mod tests {
    use super::{join, split};

    #[test]
    fn what_is_joined_splits_into_the_same_words() {
        for words in [
            vec!["redis-server", "--save", "60 1"],
            vec!["sh", "-c", "echo 'it''s' \"$HOME\" \\n"],
            vec!["", "a\\b", "it's $5"],
        ] {
            let words: Vec<String> = words.into_iter().map(str::to_owned).collect();
            assert_eq!(split(&join(&words)), Some(words));
        }
    }

    #[test]
    fn an_open_quote_is_no_command() {
        assert_eq!(split("sh -c 'echo"), None);
    }
}
