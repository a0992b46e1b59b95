//! Lines that agents report. A program may print anything, and PostgreSQL stores no NUL character, so it is replaced. JSON values are
//! cleaned by [`crate::db::storable`].

/// Returns at most `most` characters, with NUL characters replaced.
pub fn line(text: &str, most: usize) -> String {
    text.chars().map(|letter| if letter == '\0' { '\u{fffd}' } else { letter }).take(most).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nul_is_replaced_and_the_rest_is_cut() {
        assert_eq!(line("a\0bc", 3), "a\u{fffd}b");
    }
}
