//! Moves secrets that are written out in `environment` to the values beside the file.
//!
//! A secret that is written in several variables gets one name, as if a wire had set it. If an anchor shares the place where a
//! secret is written, the place is changed once, for everything that refers to it: they all keep their meaning.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Work;
use crate::{
    catalog::Taken,
    compose::{
        Model, Place,
        change::Change,
        literal_secret::{LiteralSecret, literal_secret},
        yaml::{self, Node},
    },
    stack::{HeldValue, Refusal, SecretText, Stack, Values},
};

/// One variable whose value is or contains a secret.
struct Written {
    service: String,
    key: String,
    kind: LiteralSecret,
    /// The value as compose text.
    value: String,
    /// The place of the whole scalar, which may be inside an anchor.
    place: Place,
    is_item: bool,
}

impl Written {
    fn range(&self) -> std::ops::Range<usize> {
        match &self.kind {
            LiteralSecret::Whole => 0..self.value.len(),
            LiteralSecret::InUrl(range) => range.clone(),
        }
    }

    /// The secret itself. In compose texts, `$$` is a dollar sign.
    fn secret(&self) -> String {
        self.value[self.range()].replace("$$", "$")
    }

    /// The scalar with a variable in place of the secret.
    fn scalar(&self, name: &str) -> String {
        let mut value = self.value.clone();
        value.replace_range(self.range(), &format!("${{{name}}}"));
        if self.is_item { format!("{}={value}", self.key) } else { value }
    }
}

pub fn move_out(stack: &Stack, service: Option<&str>, key: Option<&str>) -> Result<Stack, Refusal> {
    let mut all = written(stack.model());
    if service.is_some() || key.is_some() {
        let is_meant = |one: &Written| {
            service.is_none_or(|service| service == one.service) && key.is_none_or(|key| key == one.key)
        };
        let meant: Vec<String> = all.iter().filter(|one| is_meant(one)).map(Written::secret).collect();
        all.retain(|one| meant.contains(&one.secret()));
    }
    if all.is_empty() {
        return Err(Refusal::new("secret-unknown", "no secret is written out there"));
    }
    super::check_count(all.len(), "secrets")?;
    let (names, values) = named(stack, &all)?;
    let wanted: Vec<(&Written, &str)> =
        all.iter().filter_map(|one| Some((one, names.get(&one.secret())?.as_str()))).collect();
    if let Ok(moved) = replaced(stack, &wanted) {
        return Ok(moved.with_values(values));
    }
    // One of them is written in a way that cannot be changed alone: the others are moved all the same.
    let mut moved = stack.clone();
    let mut refusal = None;
    for one in wanted {
        match replaced(&moved, &[one]) {
            Ok(next) => moved = next,
            Err(error) => refusal = Some(error),
        }
    }
    match refusal {
        Some(refusal) if moved.text() == stack.text() => Err(refusal),
        _ => {
            let (before, read) = (stack.values(), moved.model().variable_names());
            let mut values = values;
            values.retain(|name| before.has(name) || read.contains(name));
            Ok(moved.with_values(values))
        }
    }
}

/// The name of each secret, and the values with them.
fn named(stack: &Stack, all: &[Written]) -> Result<(BTreeMap<String, String>, Values), Refusal> {
    let mut values = stack.values().clone();
    let mut taken = Taken::of(stack.model()).with_variables(values.names());
    let mut names = BTreeMap::new();
    for one in all {
        let secret = one.secret();
        if names.contains_key(&secret) {
            continue;
        }
        let kept =
            values.iter().find(|(_, value)| matches!(value, HeldValue::New(text) if text.expose() == secret));
        let name = match (kept, &one.kind) {
            (Some((name, _)), _) => name.to_owned(),
            (None, LiteralSecret::Whole) => taken.take_variable(&one.service, &one.key),
            (None, LiteralSecret::InUrl(_)) => {
                taken.take_variable(&one.service, &format!("{}_PASSWORD", one.key))
            }
        };
        values.set(&name, SecretText::new(&*secret))?;
        names.insert(secret, name);
    }
    Ok((names, values))
}

/// The stack with variables in place of these secrets; its values stay as they are.
fn replaced(stack: &Stack, wanted: &[(&Written, &str)]) -> Result<Stack, Refusal> {
    let mut places = BTreeMap::new();
    collect(&stack.model().root, &mut Vec::new(), false, &mut places);
    let mut work = Work::on(stack);
    let mut done = Vec::new();
    for (one, name) in wanted {
        if done.contains(&one.place) {
            continue;
        }
        done.push(one.place);
        let scalar = Value::from(one.scalar(name));
        let Some(Paths { own: Some(own), shared }) = places.get(&(one.place.start, one.place.end)) else {
            return Err(Refusal::new(
                "shared-value",
                "the secret is written in a way that cannot be changed here",
            ));
        };
        work.change(&Change::Set { path: own.clone(), value: scalar.clone() })?;
        for path in shared {
            work.draft().follows(&Change::Set { path: path.clone(), value: scalar.clone() })?;
        }
    }
    work.finish()
}

/// Where one scalar of the text counts.
#[derive(Default)]
struct Paths {
    /// Where it is written.
    own: Option<Vec<String>>,
    /// Where an alias or a merge leads to it.
    shared: Vec<Vec<String>>,
}

fn collect(
    node: &Node,
    path: &mut Vec<String>,
    is_shared: bool,
    places: &mut BTreeMap<(usize, usize), Paths>,
) {
    let is_shared = is_shared || node.alias.is_some();
    match &node.value {
        yaml::Value::Mapping(entries) => {
            for entry in entries {
                path.push(entry.key.clone());
                collect(&entry.value, path, is_shared || entry.merged, places);
                path.pop();
            }
        }
        yaml::Value::Sequence(items) => {
            for (index, item) in items.iter().enumerate() {
                path.push(index.to_string());
                collect(item, path, is_shared, places);
                path.pop();
            }
        }
        _ => {
            let paths = places.entry((node.place.start, node.place.end)).or_default();
            if is_shared {
                paths.shared.push(path.clone());
            } else {
                paths.own = Some(path.clone());
            }
        }
    }
}

fn written(model: &Model) -> Vec<Written> {
    let mut all = Vec::new();
    for service in &model.services {
        let environment =
            model.root.get("services").and_then(|services| services.get(&service.name)?.get("environment"));
        let Some(environment) = environment else { continue };
        let mut add = |key: &str, value: String, place, is_item| {
            if let Some(kind) = literal_secret(key, &value) {
                let (service, key) = (service.name.clone(), key.to_owned());
                all.push(Written { service, key, kind, value, place, is_item });
            }
        };
        match &environment.value {
            yaml::Value::Mapping(entries) => {
                for entry in entries {
                    if let Some(value) = entry.value.text() {
                        add(&entry.key, value, entry.value.place, false);
                    }
                }
            }
            yaml::Value::Sequence(items) => {
                for item in items {
                    let text = item.text().unwrap_or_default();
                    if let Some((key, value)) = text.split_once('=') {
                        add(key, value.to_owned(), item.place, true);
                    }
                }
            }
            _ => {}
        }
    }
    all
}
