//! What is shown of a stored credential, and what a request to change it means.

use super::Secret;

/// How many characters at the end are shown.
const SHOWN: usize = 4;
/// Nothing is shown of a shorter secret: four of its characters would be too much of it.
const LEAST_TO_SHOW: usize = 12;
const HIDDEN: &str = "****";

/// What is sent instead of a stored secret: `****`, and of a long secret also the last four characters. The same secret
/// always has the same mask, because clients send masks back.
pub fn mask(secret: &str) -> String {
    let length = secret.chars().count();
    if length < LEAST_TO_SHOW {
        return HIDDEN.to_owned();
    }
    let end: String = secret.chars().skip(length - SHOWN).collect();
    format!("{HIDDEN}{end}")
}

/// Whether a client sent back exactly the mask of the stored secret. The masks of other versions (`*****`, the first six
/// characters) do not count: they could be secrets.
pub fn is_mask_of(sent: &str, stored: &str) -> bool {
    sent == mask(stored)
}

/// What a `PUT` does with one secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretChange<'s> {
    /// Nothing was sent, or the mask of the stored secret.
    Keep,
    /// The empty text was sent.
    Remove,
    Replace(&'s Secret),
}

impl<'s> SecretChange<'s> {
    /// `sent` is `None` if the key is absent or null.
    pub fn of(sent: Option<&'s Secret>, stored: Option<&str>) -> Self {
        match sent {
            None => Self::Keep,
            Some(sent) if sent.is_empty() => Self::Remove,
            Some(sent) if stored.is_some_and(|stored| is_mask_of(sent.expose(), stored)) => Self::Keep,
            Some(sent) => Self::Replace(sent),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_most_the_last_four_characters_are_shown() {
        assert_eq!(mask("abcdefghijkl"), "****ijkl");
        assert_eq!(mask("ключ-с-токеном"), "****еном");
    }

    #[test]
    fn nothing_is_shown_of_a_short_secret() {
        for secret in ["", "a", "abcdefghijk"] {
            assert_eq!(mask(secret), "****");
        }
    }

    #[test]
    fn an_absent_or_masked_secret_is_kept() {
        let stored = Some("abcdefghijkl");
        assert_eq!(SecretChange::of(None, stored), SecretChange::Keep);
        assert_eq!(SecretChange::of(Some(&Secret::new("****ijkl")), stored), SecretChange::Keep);
    }

    #[test]
    fn an_empty_secret_removes_the_stored_one() {
        assert_eq!(SecretChange::of(Some(&Secret::new("")), Some("abcdefghijkl")), SecretChange::Remove);
    }

    #[test]
    fn any_other_text_is_a_new_secret() {
        for (sent, stored) in
            [("*****", Some("abcdefghijkl")), ("****ijkl", None), ("****", Some("abcdefghijkl"))]
        {
            let sent = Secret::new(sent);
            assert_eq!(SecretChange::of(Some(&sent), stored), SecretChange::Replace(&sent));
        }
    }
}
