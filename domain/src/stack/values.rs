//! The values of a stack's variables: what a `.env` file holds for it, one flat set. They are kept beside the text and sealed.
//!
//! A value leaves the place where it is sealed only to be deployed or downloaded. So a stack usually knows only that a name has a
//! value ([`HeldValue::Stored`]); it holds the text of a value only if an edit has just brought it.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};

use super::Refusal;

/// The most values of one stack.
pub const MOST_VALUES: usize = 200;
/// The longest value in bytes: enough for a certificate with its chain.
pub const LONGEST_VALUE: usize = 16 * 1024;
/// The longest name in bytes.
pub const LONGEST_NAME: usize = 128;

/// A text that is never shown in `Debug`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String))]
#[serde(transparent)]
pub struct SecretText(String);

impl SecretText {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SecretText(…)")
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeldValue {
    /// Sealed with the project, under this number. Another value of the same name has another number.
    Stored(u32),
    /// Typed or generated just now.
    New(SecretText),
}

/// The values by name. Plain data; a name is always one that compose accepts in `${NAME}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Values(BTreeMap<String, HeldValue>);

impl Values {
    /// What is stored with a project: names and numbers.
    pub fn stored(numbers: impl IntoIterator<Item = (String, u32)>) -> Self {
        Self(numbers.into_iter().map(|(name, number)| (name, HeldValue::Stored(number))).collect())
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &HeldValue)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    pub fn get(&self, name: &str) -> Option<&HeldValue> {
        self.0.get(name)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Checks what [`Self::set`] checks for every value; for sets that come from outside.
    pub fn check(&self) -> Result<(), Refusal> {
        if self.0.len() > MOST_VALUES {
            return Err(too_many());
        }
        self.0.iter().try_for_each(|(name, value)| check(name, value))
    }

    pub fn set(&mut self, name: &str, value: SecretText) -> Result<(), Refusal> {
        let value = HeldValue::New(value);
        check(name, &value)?;
        self.0.insert(name.to_owned(), value);
        if self.0.len() > MOST_VALUES { Err(too_many()) } else { Ok(()) }
    }

    /// Returns false if there is no value of this name.
    pub fn remove(&mut self, name: &str) -> bool {
        self.0.remove(name).is_some()
    }

    pub fn retain(&mut self, keep: impl Fn(&str) -> bool) {
        self.0.retain(|name, _| keep(name));
    }
}

impl FromIterator<(String, HeldValue)> for Values {
    fn from_iter<I: IntoIterator<Item = (String, HeldValue)>>(values: I) -> Self {
        Self(values.into_iter().collect())
    }
}

/// Whether compose accepts the name in `${NAME}`.
pub fn is_value_name(name: &str) -> bool {
    let begins = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    begins && name.len() <= LONGEST_NAME && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn check(name: &str, value: &HeldValue) -> Result<(), Refusal> {
    if !is_value_name(name) {
        return Err(Refusal::new(
            "value-name-invalid",
            "the name of a variable has letters, digits and `_`, begins with no digit, and is at most 128 characters long",
        ));
    }
    let HeldValue::New(text) = value else { return Ok(()) };
    if text.expose().len() > LONGEST_VALUE {
        return Err(Refusal::new(
            "value-too-long",
            format!("the value of `{name}` is longer than {} KiB", LONGEST_VALUE / 1024),
        ));
    }
    if text.expose().contains('\0') {
        return Err(Refusal::new(
            "value-invalid",
            format!("the value of `{name}` holds the character NUL, which no variable can hold"),
        ));
    }
    Ok(())
}

fn too_many() -> Refusal {
    Refusal::new("too-many-values", format!("a stack has at most {MOST_VALUES} values: remove one first"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_not_shown_by_debug() {
        let mut values = Values::default();
        values.set("DB_PASSWORD", SecretText::new("hunter2")).unwrap();
        let shown = format!("{values:?}");
        assert!(shown.contains("DB_PASSWORD") && !shown.contains("hunter2"), "{shown}");
    }

    #[test]
    fn only_names_that_compose_inserts_are_accepted() {
        for name in ["A", "_a1", "database__password"] {
            assert!(is_value_name(name), "{name}");
        }
        for name in ["", "1A", "A-B", "A.B", "A B", "Ä", &"A".repeat(129)] {
            assert!(!is_value_name(name), "{name}");
        }
        let refused =
            |name: &str, text: &str| Values::default().set(name, SecretText::new(text)).unwrap_err().code;
        assert_eq!(refused("A=B", ""), "value-name-invalid");
        assert_eq!(refused("A", "x\0"), "value-invalid");
        assert_eq!(refused("A", &"x".repeat(LONGEST_VALUE + 1)), "value-too-long");
    }

    #[test]
    fn there_is_a_limit_to_how_many() {
        let all = (0..=MOST_VALUES).map(|number| (format!("A{number}"), 1));
        assert_eq!(Values::stored(all).check().unwrap_err().code, "too-many-values");
    }
}
