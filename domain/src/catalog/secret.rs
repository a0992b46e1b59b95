//! The secrets that an app requires: how to generate them, and the names under which their values are kept. The random bytes
//! come from the caller.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{taken::Taken, template::placeholders};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecretSpec {
    /// Unique within its app. `{{secret:NAME}}` refers to it.
    pub name: String,
    /// The number of characters.
    pub length: usize,
    #[serde(default)]
    pub charset: Charset,
}

/// Only letters and digits, so that a secret needs no quoting in YAML, shells and URLs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Charset {
    #[default]
    Alphanumeric,
    Hex,
}

impl Charset {
    fn characters(self) -> &'static [u8] {
        match self {
            Self::Alphanumeric => b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
            Self::Hex => b"0123456789abcdef",
        }
    }
}

impl SecretSpec {
    /// The number of random bytes that [`Self::from_bytes`] takes: two for each character, which keeps the bias
    /// towards some characters below one in a thousand.
    pub fn bytes_needed(&self) -> usize {
        self.length * 2
    }

    /// Makes the secret from random bytes. Too few bytes give a shorter secret, never a repetitive one.
    pub fn from_bytes(&self, bytes: &[u8]) -> String {
        let characters = self.charset.characters();
        bytes
            .chunks_exact(2)
            .take(self.length)
            .map(|pair| {
                let number = usize::from(pair[0]) << 8 | usize::from(pair[1]);
                char::from(characters[number % characters.len()])
            })
            .collect()
    }
}

/// For each secret in these variables of a service, the name under which its value is kept. It is named after the first
/// variable that has it.
pub(super) fn value_names<'t>(
    service: &str,
    environment: impl IntoIterator<Item = (&'t str, &'t str)>,
    taken: &Taken,
) -> BTreeMap<&'t str, String> {
    let mut taken = taken.clone();
    let mut names = BTreeMap::new();
    for (key, template) in environment {
        for secret in placeholders(template).into_iter().filter_map(|name| name.strip_prefix("secret:")) {
            names.entry(secret).or_insert_with(|| taken.take_variable(service, key));
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(charset: Charset) -> SecretSpec {
        SecretSpec { name: "password".to_owned(), length: 24, charset }
    }

    #[test]
    fn a_secret_has_the_length_and_the_characters_asked_for() {
        let bytes: Vec<u8> = (0..48).map(|n: u8| n.wrapping_mul(37)).collect();
        let secret = spec(Charset::Alphanumeric).from_bytes(&bytes);
        assert_eq!(secret.len(), 24);
        assert!(secret.chars().all(|c| c.is_ascii_alphanumeric()));
        let hex = spec(Charset::Hex).from_bytes(&bytes);
        assert_eq!(hex.len(), 24);
        assert!(hex.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f')));
    }

    #[test]
    fn the_same_bytes_make_the_same_secret_and_others_another() {
        let spec = spec(Charset::Alphanumeric);
        assert_eq!(spec.from_bytes(&[7; 48]), spec.from_bytes(&[7; 48]));
        assert_ne!(spec.from_bytes(&[7; 48]), spec.from_bytes(&[8; 48]));
    }
}
