//! The key ring as text: JSON, `{"active": 1, "keys": {"1": "<32 bytes in base64>"}}`. The format is the same in a file, in a
//! variable and in Vault. `active` is the sealing key of a new database; later the database decides which key is active.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use secrecy::{ExposeSecret as _, SecretSlice, SecretString};
use serde::Deserialize;

use super::key_ring::{Key, KeyRing};

/// Enough for several hundred keys.
pub const MAX_BYTES: u64 = 64 * 1024;
const MAX_KEYS: usize = 100;

/// Errors never contain the text, because all of it is secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyRingTextError {
    #[error("it is longer than 64 KiB")]
    TooLong,
    #[error("it is not JSON like {{\"active\": 1, \"keys\": {{\"1\": \"32 bytes in base64\"}}}}")]
    NotJson,
    #[error("key {0} is not 32 bytes in base64")]
    NoKey(u32),
    #[error("key {0} is all zeros, which is not secret")]
    Zeros(u32),
    #[error("keys {0} and {1} are the same")]
    Twice(u32, u32),
    #[error("it holds more than 100 keys")]
    TooMany,
    #[error("the active key {0} is not among its keys")]
    NotActive(u32),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Contents {
    active: u32,
    keys: BTreeMap<u32, SecretString>,
}

impl KeyRing {
    pub fn parse(text: &[u8]) -> Result<Self, KeyRingTextError> {
        parse(text)
    }

    /// The ring as text, including the keys.
    pub fn to_text(&self) -> SecretString {
        let held = self.held();
        print(held.active, &held.keys)
    }
}

fn parse(text: &[u8]) -> Result<KeyRing, KeyRingTextError> {
    if text.len() as u64 > MAX_BYTES {
        return Err(KeyRingTextError::TooLong);
    }
    let contents: Contents = serde_json::from_slice(text).map_err(|_| KeyRingTextError::NotJson)?;
    if contents.keys.len() > MAX_KEYS {
        return Err(KeyRingTextError::TooMany);
    }
    let mut keys: BTreeMap<u32, Key> = BTreeMap::new();
    for (id, key) in contents.keys {
        let bytes = STANDARD.decode(key.expose_secret()).map_err(|_| KeyRingTextError::NoKey(id))?;
        let bytes = SecretSlice::from(bytes);
        let key = Key::try_from(bytes.expose_secret()).map_err(|_| KeyRingTextError::NoKey(id))?;
        if key == Key::default() {
            return Err(KeyRingTextError::Zeros(id));
        }
        if let Some((other, _)) = keys.iter().find(|(_, other)| **other == key) {
            return Err(KeyRingTextError::Twice(*other, id));
        }
        keys.insert(id, key);
    }
    if !keys.contains_key(&contents.active) {
        return Err(KeyRingTextError::NotActive(contents.active));
    }
    Ok(KeyRing::new(contents.active, keys))
}

/// On one line, because it may be set in an environment variable.
fn print(active: u32, keys: &BTreeMap<u32, Key>) -> SecretString {
    let keys: Vec<String> =
        keys.iter().map(|(id, key)| format!("\"{id}\": \"{}\"", STANDARD.encode(key))).collect();
    SecretString::from(format!("{{\"active\": {active}, \"keys\": {{{}}}}}\n", keys.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";

    #[test]
    fn what_is_wrong_is_said_without_a_key() {
        let zeros = "A".repeat(43) + "=";
        let many: Vec<String> = (0..101).map(|id| format!("\"{id}\": \"x\"")).collect();
        for (text, expected) in [
            ("hunter2".to_owned(), "not JSON"),
            (format!("{{\"active\": 1, \"keys\": {{\"1\": \"{KEY}\"}}, \"more\": 1}}"), "not JSON"),
            (format!("{{\"active\": 2, \"keys\": {{\"1\": \"{KEY}\"}}}}"), "active key 2"),
            ("{\"active\": 1, \"keys\": {\"1\": \"hunter2\"}}".to_owned(), "key 1 is not 32 bytes"),
            (format!("{{\"active\": 1, \"keys\": {{\"1\": \"{zeros}\"}}}}"), "zeros"),
            (format!("{{\"active\": 1, \"keys\": {{\"1\": \"{KEY}\", \"7\": \"{KEY}\"}}}}"), "keys 1 and 7"),
            (format!("{{\"active\": 1, \"keys\": {{{}}}}}", many.join(",")), "more than 100"),
            (" ".repeat(70_000), "64 KiB"),
        ] {
            let error = parse(text.as_bytes()).unwrap_err().to_string();
            assert!(
                error.contains(expected) && !error.contains("hunter2") && !error.contains(KEY),
                "{error}"
            );
        }
    }
}
