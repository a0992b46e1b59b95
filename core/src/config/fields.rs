//! Reads settings key by key, and records where each value comes from, which values are invalid and which keys were never read.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    error::{ConfigError, InvalidSetting},
    sources::Sources,
    yaml::{self, Scalar},
};

/// A variable with this prefix sets any key: `STACKER__DATABASE__PORT` sets `database.port`.
const PREFIX: &str = "STACKER__";

/// A key of the settings, and where its value can come from.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    name: &'static str,
    /// The legacy variable of the key: it overrides the file and is overridden by `STACKER__…`.
    variable: Option<&'static str>,
    /// Variables that are used only if nothing else sets the key.
    fallbacks: &'static [&'static str],
    /// Completes "expected …".
    expected: &'static str,
    secret: bool,
}

impl Key {
    pub const fn new(name: &'static str, expected: &'static str) -> Self {
        Self { name, variable: None, fallbacks: &[], expected, secret: false }
    }

    pub const fn or_variable(self, variable: &'static str) -> Self {
        Self { variable: Some(variable), ..self }
    }

    pub const fn or_fallbacks(self, fallbacks: &'static [&'static str]) -> Self {
        Self { fallbacks, ..self }
    }

    pub const fn name(self) -> &'static str {
        self.name
    }

    /// Marks a key whose value is never shown.
    pub const fn secret(self) -> Self {
        Self { secret: true, ..self }
    }
}

#[derive(Clone, Debug)]
struct Entry {
    value: Scalar,
    place: String,
}

pub struct Fields {
    entries: BTreeMap<String, Entry>,
    variables: BTreeMap<String, String>,
    known: BTreeMap<&'static str, Key>,
    problems: Vec<InvalidSetting>,
}

impl Fields {
    pub fn of(sources: &Sources) -> Result<Self, ConfigError> {
        let mut fields = Self {
            entries: BTreeMap::new(),
            variables: sources.variables.clone(),
            known: BTreeMap::new(),
            problems: Vec::new(),
        };
        for (path, text) in &sources.files {
            fields.add_file(&path.display().to_string(), text);
        }
        fields.add_prefixed_variables();
        if fields.problems.is_empty() { Ok(fields) } else { Err(ConfigError { problems: fields.problems }) }
    }

    fn add_file(&mut self, path: &str, text: &str) {
        let lines = match yaml::read(text) {
            Ok(lines) => lines,
            Err(error) => {
                self.push_problem("", format!("{path}:{}", error.line), error.message);
                return;
            }
        };
        let mut seen = BTreeSet::new();
        for line in lines {
            let place = format!("{path}:{}", line.line);
            if !seen.insert(line.key.clone()) {
                self.push_problem(&line.key, place, "is there twice".to_owned());
                continue;
            }
            self.entries.insert(line.key, Entry { value: line.value, place });
        }
    }

    fn add_prefixed_variables(&mut self) {
        for (name, value) in &self.variables {
            let Some(key) = name.strip_prefix(PREFIX).filter(|_| !value.is_empty()) else { continue };
            let key = key.to_lowercase().replace("__", ".");
            let entry = Entry { value: Scalar::Text(value.clone()), place: format!("variable {name}") };
            self.entries.insert(key, entry);
        }
    }

    /// Whether a file or variable sets any key of a section; the section then counts as configured.
    pub fn has_section(&self, section: &str, variables: &[&str]) -> bool {
        let inside = |key: &String| key.strip_prefix(section).is_some_and(|rest| rest.starts_with('.'));
        self.entries.iter().any(|(key, entry)| inside(key) && entry.value != Scalar::Null)
            || variables.iter().any(|name| self.variable(name).is_some())
    }

    /// A section without keys (`vault:`) counts as not set.
    pub fn ignore_empty_section(&mut self, section: &str) {
        if self.entries.get(section).is_some_and(|entry| entry.value == Scalar::Null) {
            self.entries.remove(section);
        }
    }

    /// `None` if the key is not set, or if its value is invalid, which [`Self::finish`] reports.
    pub fn read<T>(&mut self, key: Key, parse: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        self.known.insert(key.name, key);
        let entry = self.entry(key)?;
        let text = match &entry.value {
            Scalar::Null => return None,
            Scalar::Text(text) => text,
            Scalar::List => {
                self.push_problem(key.name, entry.place, format!("is a list, expected {}", key.expected));
                return None;
            }
        };
        let value = parse(text);
        if value.is_none() {
            let found = if key.secret { String::new() } else { format!("is `{text}`, ") };
            self.push_problem(key.name, entry.place, format!("{found}expected {}", key.expected));
        }
        value
    }

    /// Whether a file or variable sets this key.
    pub fn is_set(&self, key: Key) -> bool {
        self.entry(key).is_some()
    }

    fn entry(&self, key: Key) -> Option<Entry> {
        let from = |name: &&'static str| {
            let value = Scalar::Text(self.variable(name)?.to_owned());
            Some(Entry { value, place: format!("variable {name}") })
        };
        let set = self.entries.get(key.name).filter(|entry| entry.value != Scalar::Null);
        let prefixed = set.filter(|entry| entry.place.starts_with("variable "));
        prefixed
            .cloned()
            .or_else(|| key.variable.as_ref().and_then(from))
            .or_else(|| set.cloned())
            .or_else(|| key.fallbacks.iter().find_map(from))
    }

    fn variable(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// For `validate()`: reports two values that contradict each other, or a value out of range.
    pub fn contradiction(&mut self, key: &'static str, message: impl Into<String>) {
        let place = self
            .known
            .get(key)
            .and_then(|key| self.entry(*key))
            .map_or_else(|| "default".to_owned(), |entry| entry.place);
        // An invalid value of this key is already reported; one error per key is enough.
        if !self.problems.iter().any(|problem| problem.key == key) {
            self.push_problem(key, place, message.into());
        }
    }

    fn push_problem(&mut self, key: &str, place: String, message: String) {
        self.problems.push(InvalidSetting { key: key.to_owned(), place, message });
    }

    /// Reports invalid values, and keys that no section reads.
    pub fn finish(mut self) -> Result<(), ConfigError> {
        let unknown: Vec<_> = self
            .entries
            .iter()
            .filter(|(key, _)| !self.known.contains_key(key.as_str()))
            .map(|(key, entry)| (key.clone(), entry.place.clone()))
            .collect();
        for (key, place) in unknown {
            let hint = nearest(&key, self.known.keys())
                .map_or_else(String::new, |known| format!(": did you mean `{known}`?"));
            self.push_problem(&key, place, format!("is not a known key{hint}"));
        }
        if self.problems.is_empty() { Ok(()) } else { Err(ConfigError { problems: self.problems }) }
    }

    /// Names and variables of all keys read so far.
    #[cfg(test)]
    pub fn known_keys(&self) -> Vec<(&'static str, Vec<&'static str>)> {
        let variables = |key: &Key| key.variable.into_iter().chain(key.fallbacks.iter().copied()).collect();
        self.known.iter().map(|(name, key)| (*name, variables(key))).collect()
    }
}

/// The known key that a mistyped key probably stands for.
fn nearest<'k>(key: &str, known: impl Iterator<Item = &'k &'static str>) -> Option<&'k &'static str> {
    let limit = key.len() / 3;
    known
        .map(|known| (distance(key, known), known))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, known)| known)
}

/// The number of letters to change, add or remove (Levenshtein distance, computed row by row).
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, letter) in one.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, candidate) in other.iter().enumerate() {
            let changed = diagonal + usize::from(letter != *candidate);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}
