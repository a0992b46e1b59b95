//! What the walk reports: each finding in words, with its place and its fix.

use std::collections::HashSet;

use serde_json::Value as Json;

use super::{
    Format, Keys, Objection, Shape, Spelling, Test, Wrong,
    since::{DESCRIBED, Since, since},
    spell,
    types::{fits, takes_list, takes_text, typed_value, wanted},
    walk::{Step, Walk, is_service},
};
use crate::{
    compose::{
        mounts,
        nearest::nearest,
        place::Place,
        variables,
        yaml::{Entry, Node, Value},
    },
    finding::{Basis, Finding, MOST_FINDINGS, Severity},
    stack::edit::Edit,
};

const ERROR: (Severity, Basis) = (Severity::Error, Basis::Compose);
const HINT: (Severity, Basis) = (Severity::Hint, Basis::Advice);

/// The maximum number of services that one fix moves.
const MOST_MOVED: usize = 50;

/// The resource limits that the engine knows.
const ULIMITS: &[&str] = &[
    "as",
    "core",
    "cpu",
    "data",
    "fsize",
    "locks",
    "memlock",
    "msgqueue",
    "nice",
    "nofile",
    "nproc",
    "rss",
    "rtprio",
    "rttime",
    "sigpending",
    "stack",
];

impl<'d> Walk<'d, '_> {
    /// Reports entries that a list has twice.
    pub(super) fn duplicates(&mut self, items: &'d [Node]) {
        let mut seen: HashSet<String> = HashSet::new();
        for (index, item) in items.iter().enumerate() {
            let Value::String(text) = &item.value else { continue };
            let text = variables::with_defaults(text).unwrap_or_else(|| text.clone());
            if seen.contains(&text) {
                let message =
                    format!("`{}` has the entry `{}` twice. Remove one.", self.key_name(), shown(&text));
                self.path.push(Step::Item(index));
                let fix = ("Remove this entry".to_owned(), Edit::RemoveKey { path: self.edit_path() });
                self.find("duplicate-entry", ERROR, item.here(), message, Some(fix));
                self.path.pop();
            }
            seen.insert(text);
        }
    }

    pub(super) fn name(&mut self, what: &str, entry: &Entry) {
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        if !entry.key.is_empty() && entry.key.chars().all(allowed) {
            return;
        }
        let message = format!(
            "{} can't be named `{}`. Use letters, digits, `.`, `_` and `-`.",
            capital(what),
            shown(&entry.key)
        );
        self.find("name-invalid", ERROR, entry.key_place, message, None);
    }

    pub(super) fn ulimit(&mut self, entry: &Entry) {
        if ULIMITS.contains(&entry.key.as_str()) || entry.key.contains('$') {
            return;
        }
        let meant = nearest(&entry.key, ULIMITS.iter().copied());
        let message = format!(
            "The engine doesn't know the limit `{}`.{}",
            shown(&entry.key),
            meant.map_or_else(String::new, |meant| format!(" Did you mean `{meant}`?"))
        );
        let fix = meant.map(|meant| self.rename(meant));
        self.find(Objection::Engine.code(), Objection::Engine.weight(), entry.key_place, message, fix);
    }

    pub(super) fn unknown_key(&mut self, keys: &'static Keys, parent: &Node, entry: &'d Entry) {
        let key = entry.key.as_str();
        if self.path.len() == 1 && self.service_outside(entry) {
            return;
        }
        if let Some(Since::Newer(version)) = since(keys.owner, key) {
            let message = format!(
                "Compose reads `{key}` in {} since {version}: an older one, such as {DESCRIBED}, rejects the file.",
                keys.owner
            );
            self.find("key-newer", HINT, entry.key_place, message, None);
            return;
        }
        let known = || keys.known.iter().map(|(known, _)| *known);
        let plain = key.trim_start_matches('\u{feff}').trim().to_ascii_lowercase().replace(['-', ' '], "_");
        let near = known().find(|known| *known == plain).or_else(|| nearest(&plain, known()));
        let free = near.filter(|near| parent.entry(near).is_none());
        let (message, fix) = match near {
            Some(near) => (
                format!("Unknown key `{}`. Did you mean `{near}`?", shown(key)),
                free.map(|near| self.rename(near)),
            ),
            None => (
                format!(
                    "Unknown key `{}`: {} doesn't have it, and Compose rejects the file. Keys of your own start with \
                     `x-`.",
                    shown(key),
                    keys.owner
                ),
                None,
            ),
        };
        self.find("unknown-key", ERROR, entry.key_place, message, fix);
    }

    /// Whether a key at the top level describes a service that should be below `services`.
    fn service_outside(&mut self, entry: &'d Entry) -> bool {
        if !is_service(entry) {
            return false;
        }
        // An edit that names thousands of services would be larger than the file.
        let all: &[&str] =
            if self.outside.len() <= MOST_MOVED { &self.outside } else { &[entry.key.as_str()] };
        let services: Vec<String> = all.iter().map(|service| (*service).to_owned()).collect();
        let what = if services.len() == 1 { "it" } else { "them" };
        let message = if self.root.entry("services").is_some() {
            format!("`{}` is a service, but it isn't below `services`. Move {what} there.", shown(&entry.key))
        } else {
            format!(
                "`{}` is a service, but the file has no `services:`. Services stand below that key, indented.",
                shown(&entry.key)
            )
        };
        let fix = (format!("Move {what} below `services`"), Edit::MoveToServices { services });
        self.find("service-outside", ERROR, entry.key_place, message, Some(fix));
        true
    }

    pub(super) fn missing_key(&mut self, keys: &Keys, node: &Node, key: &'static str, place: Place) {
        let message = format!("`{key}` is missing: {} needs it.", keys.owner);
        let value = usual(key, node);
        let fix = value.map(|value| {
            let path = self.edit_path().into_iter().chain([key.to_owned()]).collect();
            (format!("Add `{key}: {value}`"), Edit::SetKey { path, value: value.into() })
        });
        self.find("key-missing", ERROR, place, message, fix);
    }

    pub(super) fn value(&mut self, format: &'static Format, node: &'d Node) {
        let Some(text) = node.text() else { return };
        let varies = text.contains('$');
        // What a variable will hold is not known here, but its default is. An empty one stands for what `.env` has.
        let filled = if varies { variables::with_defaults(&text) } else { Some(text) };
        let Some(text) = filled.filter(|text| !(varies && text.is_empty())) else { return };
        let typed = varies || fits(format.types, &node.value);
        let written = match node.value {
            Value::String(_) => text.clone(),
            _ => node.place.slice(self.text).to_owned(),
        };
        let outcome = match format.test {
            Test::Words(words) => spell::words(&text, words),
            Test::Resembles(words) => spell::resembles(&text, words),
            Test::Function(test) => test(&text),
            Test::Spelled(test) => {
                let is_text = matches!(node.value, Value::String(_));
                test(&text, if is_text { Spelling::Text } else { Spelling::Number })
            }
        };
        // An edit would replace the variable.
        let outcome = outcome.map_err(|wrong| Wrong { meant: wrong.meant.filter(|_| !varies), ..wrong });
        match outcome {
            Ok(()) if typed => {}
            Ok(()) => self.wrong_type(&Shape::Value(format), node, node.here()),
            Err(wrong) => self.wrong_value(format, typed, node, &written, wrong),
        }
    }

    fn wrong_value(&mut self, format: &Format, typed: bool, node: &Node, written: &str, wrong: Wrong) {
        let objection = match (typed, wrong.runtime) {
            (false, _) => Objection::Compose,
            (true, Some(_)) => Objection::Engine,
            (true, None) => format.objection,
        };
        let key = self.key_name();
        let holds = if matches!(self.path.last(), Some(Step::Item(_))) { "contain" } else { "be" };
        let problem = match (objection, wrong.runtime) {
            _ if written.is_empty() => format!("`{key}` is empty."),
            (Objection::Ignored, _) => format!("`{key}: {}` has no effect.", shown(written)),
            (_, Some(reason)) => format!("`{key}` can't {holds} `{}`: {reason}.", shown(written)),
            _ => format!("`{key}` can't {holds} `{}`.", shown(written)),
        };
        let guess = wrong
            .meant
            .as_ref()
            .map_or_else(String::new, |meant| format!(" Did you mean `{}`?", shown(meant)));
        let fix = wrong.meant.map(|meant| {
            let value = typed_value(format.types, &meant);
            (format!("Use `{}`", shown(&meant)), Edit::SetKey { path: self.edit_path(), value })
        });
        let message = format!("{problem} {}{guess}", format.write);
        self.find(objection.code(), objection.weight(), node.here(), message, fix);
    }

    pub(super) fn wrong_type(&mut self, shape: &Shape, node: &Node, place: Place) {
        let key = self.key_name();
        let item = matches!(self.path.last(), Some(Step::Item(_)));
        let subject = if item { format!("An entry of `{key}`") } else { format!("`{key}`") };
        let wanted = wanted(shape);
        let path = self.edit_path();
        let service = matches!(self.path.as_slice(), [Step::Key("services"), Step::Key(_)]);
        let (message, fix) = match &node.value {
            // The services are outside; that finding says what to do.
            Value::Null if key == "services" && !self.outside.is_empty() => return,
            Value::Null if service => (format!("`{key}` is empty: a service needs at least an image."), None),
            Value::Null if item => {
                (format!("`{key}` has an empty entry: write {wanted}, or remove the line."), None)
            }
            // `- KEY: value` where `- KEY=value` is meant.
            Value::Mapping(entries) if item && takes_text(shape) && entries.len() == 1 => {
                let entry = &entries[0];
                let message = format!("{subject} must be {wanted}. Write `{}=…`.", shown(&entry.key));
                let fix = entry.value.text().map(|value| {
                    let value = format!("{}={value}", entry.key).into();
                    (format!("Write it as `{}=…`", shown(&entry.key)), Edit::SetKey { path, value })
                });
                (message, fix)
            }
            Value::Null => (
                format!("`{key}` has no value: write {wanted}, or remove the key."),
                Some((format!("Remove `{key}`"), Edit::RemoveKey { path })),
            ),
            Value::String(text) if takes_list(shape) => {
                let value = Json::Array(vec![text.as_str().into()]);
                let message = format!("{subject} must be {wanted}, this is text.");
                (message, Some(("Write it as a list".to_owned(), Edit::SetKey { path, value })))
            }
            Value::Bool(_) | Value::Integer(_) | Value::Float(_) | Value::Timestamp(_)
                if takes_text(shape) =>
            {
                let written = node.place.slice(self.text);
                let message = format!("{subject} must be {wanted}. Put `{}` in quotes.", shown(written));
                (message, Some(("Put it in quotes".to_owned(), Edit::SetKey { path, value: written.into() })))
            }
            _ => (format!("{subject} must be {wanted}, this is {}.", node.kind()), None),
        };
        let place = if node.is_null() && node.alias.is_none() { place } else { node.here() };
        self.find("wrong-type", ERROR, place, message, fix);
    }

    pub(super) fn is_full(&self) -> bool {
        self.findings.len() >= MOST_FINDINGS
    }

    fn rename(&self, to: &str) -> (String, Edit) {
        (format!("Rename to `{to}`"), Edit::RenameKey { path: self.edit_path(), to: to.to_owned() })
    }

    /// The last key of the path, which is the name of the list if the value is an entry of a list.
    pub(super) fn key_name(&self) -> String {
        let key = self.path.iter().rev().find_map(|step| match step {
            Step::Key(key) => Some(*key),
            Step::Item(_) => None,
        });
        shown(key.unwrap_or("the file"))
    }

    pub(super) fn edit_path(&self) -> Vec<String> {
        self.path
            .iter()
            .map(|step| match step {
                Step::Key(key) => (*key).to_owned(),
                Step::Item(index) => index.to_string(),
            })
            .collect()
    }

    pub(super) fn find(
        &mut self,
        code: &'static str,
        weight: (Severity, Basis),
        place: Place,
        message: String,
        fix: Option<(String, Edit)>,
    ) {
        let shared = self.shared > 0;
        if self.is_full() || shared && !self.seen.insert((place, code)) {
            return;
        }
        let mut finding = Finding::new(code, weight, self.text, place, message);
        if let [Step::Key("services"), Step::Key(service), ..] = self.path.as_slice() {
            finding = finding.of_service(service);
        }
        if let Some((label, edit)) = fix.filter(|_| !shared) {
            finding = finding.with_fix(label, edit);
        }
        self.findings.push(finding);
    }
}

/// The value that people usually want for a missing key, if there is one.
fn usual(key: &str, node: &Node) -> Option<String> {
    let field = |key: &str| node.get(key).and_then(Node::text);
    match key {
        "condition" => Some("service_started".to_owned()),
        "type" => {
            let source = field("source")?;
            let path = mounts::kind_of_source(&source) == crate::compose::MountKind::Bind;
            Some(if path { "bind" } else { "volume" }.to_owned())
        }
        "soft" => field("hard"),
        "hard" => field("soft"),
        _ => None,
    }
}

/// A text of the file for a message: in one line and not too long. A byte-order mark is invisible, so it is named.
fn shown(text: &str) -> String {
    let mut shown: String =
        text.chars().take(60).map(|c| if c.is_control() || c == '`' { ' ' } else { c }).collect();
    shown = shown.replace('\u{feff}', "<U+FEFF>");
    if text.chars().nth(60).is_some() {
        shown.push('…');
    }
    shown
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
