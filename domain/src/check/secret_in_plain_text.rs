//! Passwords, tokens and keys that are written in the file in plain text.
//!
//! A secret is detected by the last words of the variable's name (`DB_PASSWORD`, but neither `PASSWORD_MIN_LENGTH`
//! nor `DB_PASSWORD_FILE`), or by credentials inside a URL.

use super::rule::{CheckInput, Rule};
use crate::finding::Severity;

pub const RULE: Rule = Rule { codes: &["secret-in-plain-text"], look };

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

fn look(input: &mut CheckInput<'_>) {
    for service in &input.model.services {
        for variable in &service.environment {
            let Some(value) = variable.value.as_deref() else { continue };
            if holds_variable(value) {
                continue;
            }
            let what = if names_a_secret(&variable.key) && could_be_secret(value) {
                "looks like a secret"
            } else if url_with_password(value) {
                "holds a URL with a password"
            } else {
                continue;
            };
            let place = if variable.value_place.start < variable.value_place.end {
                variable.value_place
            } else {
                variable.place
            };
            // The message never repeats the value.
            let message = format!(
                "`{key}` {what}, and stands here for everybody who can read the file. Write `${{{key}}}` instead and \
                 put the value into a `.env` file that is not shared, or use `secrets`.",
                key = variable.key
            );
            let finding = input.finding("secret-in-plain-text", Severity::Hint, place, message);
            input.add(finding.of_service(&service.name));
        }
    }
}

/// Whether the value contains a variable. `$$` is only a dollar sign.
fn holds_variable(value: &str) -> bool {
    value.replace("$$", "").contains('$')
}

fn names_a_secret(key: &str) -> bool {
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

/// Whether the value is a URL with a password: `scheme://user:password@host`.
fn url_with_password(value: &str) -> bool {
    let Some((scheme, rest)) = value.split_once("://") else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let Some((user, _)) = authority.rsplit_once('@') else { return false };
    let password = user.split_once(':').map_or("", |(_, password)| password);
    scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
        && !password.is_empty()
        && !password.starts_with(['<', '{'])
}

#[cfg(test)]
mod tests {
    use super::names_a_secret;
    use crate::check::testing::{marked, none, one};

    const CODE: &str = "secret-in-plain-text";

    fn stack(entry: &str) -> String {
        format!("services:\n  db:\n    image: a:1\n    environment:\n      {entry}\n")
    }

    #[test]
    fn a_literal_password_is_found_and_not_repeated() {
        let text = stack("POSTGRES_PASSWORD: hunter2");
        let finding = one(&text, CODE);
        assert_eq!(marked(&text, &finding), "hunter2");
        assert!(!finding.message.contains("hunter2"));
        assert!(finding.message.contains("${POSTGRES_PASSWORD}"));
    }

    #[test]
    fn list_entries_are_read_too() {
        one(&stack("- API_KEY=abcdef"), CODE);
    }

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
    fn variables_switches_and_paths_are_no_secrets() {
        for entry in [
            "DB_PASSWORD: ${DB_PASSWORD}",
            "DB_PASSWORD: $DB_PASSWORD",
            "DB_PASSWORD:",
            "DB_PASSWORD: ''",
            "ALLOW_EMPTY_PASSWORD: 'yes'",
            "FORGOT_PASSWORD: true",
            "DB_PASSWORD: /run/secrets/db",
        ] {
            none(&stack(entry), CODE);
        }
    }

    #[test]
    fn a_password_inside_a_url_is_found() {
        one(&stack("DATABASE_URL: postgres://app:hunter2@db:5432/app"), CODE);
        none(&stack("DATABASE_URL: postgres://app:${DB_PASSWORD}@db:5432/app"), CODE);
        none(&stack("DATABASE_URL: postgres://db:5432/app"), CODE);
    }
}
