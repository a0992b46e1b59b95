//! Finds passwords, tokens and keys among the values of variables.
//!
//! A secret is detected by the last words of the variable's name (`DB_PASSWORD`, but neither `PASSWORD_MIN_LENGTH`
//! nor `DB_PASSWORD_FILE`), or by credentials inside a URL.

use std::ops::Range;

const WORDS: &[&str] = &["password", "passwd", "pass", "passphrase", "pwd", "secret", "token", "apikey"];
/// The words that make a following `key` a secret, as in `API_KEY`.
const KINDS_OF_KEYS: &[&str] = &[
    "api",
    "access",
    "secret",
    "private",
    "encryption",
    "signing",
    "master",
    "app",
    "auth",
    "jwt",
    "session",
];

/// A secret that is written out in the value of a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LiteralSecret {
    /// The whole value.
    Whole,
    /// The password of a URL, `scheme://user:password@host`, as a byte range of the value.
    InUrl(Range<usize>),
}

/// The secret in the value of a variable. A value with a variable in it is none: what is secret comes from elsewhere.
pub fn literal_secret(key: &str, value: &str) -> Option<LiteralSecret> {
    if holds_variable(value) {
        return None;
    }
    if names_a_secret(key) && could_be_secret(value) {
        return Some(LiteralSecret::Whole);
    }
    url_password(value).map(LiteralSecret::InUrl)
}

/// Whether a value should not be shown, because it, or the default of a variable in it, may be secret. Stricter than
/// [`literal_secret`], which a fix relies on.
pub fn may_hold_secret(key: &str, value: &str) -> bool {
    if is_reference(value) {
        return false;
    }
    let in_url = || {
        let (_, rest) = value.split_once("://")?;
        let (login, _) = rest.rsplit_once('@')?;
        let (_, password) = login.split_once(':')?;
        Some(!is_reference(password))
    };
    names_a_secret(key) || in_url().unwrap_or(false)
}

/// Whether the value is only a variable without a default: `${NAME}` or `$NAME`.
fn is_reference(value: &str) -> bool {
    let Some(rest) = value.strip_prefix('$') else { return value.is_empty() };
    let name = rest.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(rest);
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Whether the value contains a variable. `$$` is only a dollar sign.
fn holds_variable(value: &str) -> bool {
    value.replace("$$", "").contains('$')
}

/// Whether a variable of this name usually holds a secret.
pub fn names_a_secret(key: &str) -> bool {
    let words = words(key);
    let mut words = words.as_slice();
    // Ignores the last word in names such as `SECRET_KEY_BASE` and `API_KEY_1`.
    while let [rest @ .., last] = words {
        if last != "base" && last.parse::<u32>().is_err() {
            break;
        }
        words = rest;
    }
    match words {
        // `PWD` is the working directory of shells.
        [only] if only == "pwd" => false,
        [.., kind, last] if last == "key" => KINDS_OF_KEYS.contains(&kind.as_str()),
        [.., last] => WORDS.contains(&last.as_str()),
        [] => false,
    }
}

/// The words of a name in lower case. Names are split at punctuation and where capitals begin: `dbPassword`,
/// `DB_PASSWORD`, `db.password`.
fn words(key: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut after_lower = false;
    for c in key.chars() {
        let begins = !c.is_ascii_alphanumeric() || (c.is_ascii_uppercase() && after_lower);
        if begins && words.last().is_some_and(|word| !word.is_empty()) {
            words.push(String::new());
        }
        if c.is_ascii_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.push(c.to_ascii_lowercase());
        }
        after_lower = c.is_ascii_lowercase() || c.is_ascii_digit();
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Whether the value could be a secret. Switches, counts, paths and addresses never are, whatever the name of the
/// variable.
fn could_be_secret(value: &str) -> bool {
    let value = value.trim();
    let switch = ["true", "false", "yes", "no", "on", "off", "none", "null"]
        .iter()
        .any(|word| value.eq_ignore_ascii_case(word));
    let count = value.len() < 4 && value.chars().all(|c| c.is_ascii_digit());
    let path = value.starts_with(['/', '.', '~']) || value.contains("://");
    !value.is_empty() && !switch && !count && !path
}

/// The place of the password in a URL.
fn url_password(value: &str) -> Option<Range<usize>> {
    let (scheme, rest) = value.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (login, _) = authority.rsplit_once('@')?;
    let (user, password) = login.split_once(':')?;
    let is_scheme = scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    let start = scheme.len() + "://".len() + user.len() + 1;
    (is_scheme && !password.is_empty() && !password.starts_with(['<', '{']))
        .then(|| start..start + password.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_judged_by_their_last_words() {
        for key in [
            "DB_PASS",
            "JWT_SECRET",
            "SECRET_KEY_BASE",
            "accessToken",
            "APIKEY",
            "S3_ACCESS_KEY",
            "api_key_2",
        ] {
            assert!(names_a_secret(key), "{key}");
        }
        for key in [
            "PASSWORD_MIN_LENGTH",
            "DB_PASSWORD_FILE",
            "TOKENIZER",
            "MAX_TOKENS",
            "KEY",
            "PUBLIC_KEY",
            "PWD",
            "BYPASS",
        ] {
            assert!(!names_a_secret(key), "{key}");
        }
    }

    #[test]
    fn the_password_of_a_url_has_a_place() {
        let value = "postgres://app:hunter2@db:5432/app";
        let Some(LiteralSecret::InUrl(range)) = literal_secret("DATABASE_URL", value) else { panic!("none") };
        assert_eq!(&value[range], "hunter2");
        assert_eq!(literal_secret("DATABASE_URL", "postgres://db:5432/app"), None);
    }
}
