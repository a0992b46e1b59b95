//! Decides which values must not be shown.

use serde_json::Value;

use crate::compose::literal_secret::may_hold_secret;

/// Whether a value, or a part of it, may be secret. `key` is the last step of its path.
pub fn is_hidden(key: &str, value: &Value) -> bool {
    match value {
        Value::String(text) => may_hold_secret(key, text) || has_secret_option(text.split_whitespace()),
        Value::Array(items) => {
            has_secret_option(items.iter().filter_map(Value::as_str))
                || items.iter().any(|item| is_hidden(key, item))
        }
        Value::Object(fields) => fields.iter().any(|(key, value)| is_hidden(key, value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Settings of Redis that hold a password, with and without dashes.
const SECRET_SETTINGS: &[&str] = &["requirepass", "masterauth"];

/// What the names of options that hold a secret end with: people join words, as in `--adminpassword`.
const SECRET_ENDINGS: &[&str] =
    &["pass", "password", "passwd", "secret", "token", "credentials", "masterauth"];

/// Programs, each with the short option that holds a password, alone or with the password behind it.
const SHORT_OPTIONS: &[(&str, &str)] = &[
    ("redis-cli", "-a"),
    ("valkey-cli", "-a"),
    ("keydb-cli", "-a"),
    ("mysql", "-p"),
    ("mysqladmin", "-p"),
    ("mysqldump", "-p"),
    ("mariadb", "-p"),
    ("mariadb-admin", "-p"),
    ("mariadb-dump", "-p"),
    ("mongo", "-p"),
    ("mongosh", "-p"),
    ("curl", "-u"),
];

/// Whether one of the words is `--password=x`, `PASSWORD=x`, or `--password` with a word after it.
fn has_secret_option<'w>(words: impl Iterator<Item = &'w str>) -> bool {
    let mut option = None;
    let mut short = None;
    for word in words {
        let word = word.trim_matches(['"', '\'']);
        if option.take().is_some_and(|option| option_holds_secret(option, word)) {
            return true;
        }
        let program = word.rsplit('/').next().unwrap_or_default();
        if let Some((_, known)) = SHORT_OPTIONS.iter().find(|(known, _)| *known == program) {
            short = Some(*known);
            continue;
        }
        if let Some(behind) = short.and_then(|short| word.strip_prefix(short)) {
            match behind {
                "" => option = Some("--password"),
                secret if may_hold_secret("password", secret) => return true,
                _ => {}
            }
            continue;
        }
        match word.split_once('=') {
            Some((name, value)) if option_holds_secret(name, value) => return true,
            Some(_) => {}
            None => option = is_option(word).then_some(word),
        }
    }
    false
}

fn is_option(word: &str) -> bool {
    word.starts_with('-') || SECRET_SETTINGS.contains(&word)
}

/// Like [`may_hold_secret`], for an option.
fn option_holds_secret(name: &str, value: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let is_secret = is_option(name) && SECRET_ENDINGS.iter().any(|ending| lower.ends_with(ending));
    may_hold_secret(if is_secret { "password" } else { name }, value)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn passwords_in_commands_are_hidden_however_the_option_is_written() {
        for command in [
            json!("redis-server --requirepass hunter2"),
            json!("redis-server --requirepass=hunter2 --appendonly yes"),
            json!(["redis-server", "--requirepass", "hunter2"]),
            json!(["sh", "-c", "redis-server --requirepass \"hunter2\""]),
            json!("app --password=hunter2"),
            json!("app --adminpassword hunter2"),
            json!("redis-server --masterauth ${P:-hunter2}"),
            json!(["CMD", "redis-cli", "-a", "hunter2", "ping"]),
            json!("mysqladmin ping -uroot -phunter2"),
            json!("curl -u me:hunter2 http://localhost"),
        ] {
            assert!(is_hidden("command", &command), "{command}");
        }
    }

    #[test]
    fn commands_without_passwords_are_shown() {
        for command in [
            json!("redis-server --appendonly yes"),
            json!("redis-server --requirepass ${PASSWORD}"),
            json!(["redis-cli", "ping"]),
            json!("tar -a x -p y"),
            json!("mysqladmin ping -h localhost"),
            json!("app --auth-mode basic --passes 3"),
        ] {
            assert!(!is_hidden("command", &command), "{command}");
        }
    }
}
