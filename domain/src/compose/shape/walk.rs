//! Compares a document with the tables.

use std::collections::HashSet;

use serde_json::{Number, Value as Json};

use super::{
    Format, Keys, Objection, Shape, Spelling, Test, Types, Wrong, spell,
    tables::{FILE, SERVICE},
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

/// Adds a finding for each key, type and value of the document that the specification does not allow.
pub fn check(text: &str, root: &Node, findings: &mut Vec<Finding>) {
    if root.is_null() {
        return;
    }
    let is_outside = |entry: &&Entry| FILE.shape_of(&entry.key).is_none() && is_service(entry);
    let outside = root.entries().iter().filter(is_outside).map(|entry| entry.key.as_str()).collect();
    let mut walk = Walk { text, root, outside, findings, path: Vec::new(), shared: 0, seen: HashSet::new() };
    walk.visit(&Shape::Keys(&FILE), root, root.here());
}

#[derive(Clone, Copy)]
enum Step<'d> {
    Key(&'d str),
    Item(usize),
}

struct Walk<'d, 'f> {
    text: &'d str,
    root: &'d Node,
    /// The keys of the top level that describe services.
    outside: Vec<&'d str>,
    findings: &'f mut Vec<Finding>,
    path: Vec<Step<'d>>,
    /// Greater than zero inside an alias or a merge. An edit of this path would not change the text that is marked.
    shared: usize,
    /// The places inside aliases and merges that have a finding. Other services that share them would repeat it.
    seen: HashSet<(Place, &'static str)>,
}

impl<'d> Walk<'d, '_> {
    /// `place` is what to mark if the value itself is empty: the key.
    fn visit(&mut self, shape: &Shape, node: &'d Node, place: Place) {
        if self.is_full() {
            return;
        }
        let alias = usize::from(node.alias.is_some());
        self.shared += alias;
        let outer = shape;
        match (shape, &node.value) {
            (Shape::Or(shapes), _) => match shapes.iter().find(|shape| accepts(shape, node)) {
                Some(shape) => self.visit(shape, node, place),
                None => self.wrong_type(shape, node, place),
            },
            (Shape::Value(format), _) if accepts(shape, node) => {
                self.value(format, node);
            }
            (shape, _) if !accepts(shape, node) => self.wrong_type(shape, node, place),
            (Shape::List(shape) | Shape::Unique(shape), Value::Sequence(items)) => {
                let unique = matches!(outer, Shape::Unique(_));
                if unique {
                    self.duplicates(items);
                }
                for (index, item) in items.iter().enumerate() {
                    self.path.push(Step::Item(index));
                    self.visit(shape, item, item.here());
                    self.path.pop();
                }
            }
            (Shape::Keys(keys), Value::Mapping(entries)) => self.keys(keys, node, entries, place),
            (Shape::Names(what, shape), Value::Mapping(entries)) => self.names(*what, shape, entries),
            _ => {}
        }
        self.shared -= alias;
    }

    /// Reports entries that a list has twice.
    fn duplicates(&mut self, items: &'d [Node]) {
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

    fn enter(&mut self, entry: &'d Entry, look: impl FnOnce(&mut Self)) {
        let merged = usize::from(entry.merged);
        self.shared += merged;
        self.path.push(Step::Key(&entry.key));
        look(self);
        self.path.pop();
        self.shared -= merged;
    }

    fn keys(&mut self, keys: &'static Keys, node: &'d Node, entries: &'d [Entry], place: Place) {
        for entry in entries {
            let key = entry.key.as_str();
            match keys.shape_of(key) {
                Some(shape) => self.enter(entry, |walk| walk.visit(shape, &entry.value, entry.key_place)),
                None if keys.open || key.starts_with("x-") || self.is_full() => {}
                None => self.enter(entry, |walk| walk.unknown_key(keys, node, entry)),
            }
        }
        if let Some(source) =
            keys.one_of.first().filter(|_| keys.one_of.iter().all(|key| node.entry(key).is_none()))
        {
            self.missing_key(keys, node, source, place);
        }
        for key in keys.required.iter().filter(|key| node.entry(key).is_none()) {
            self.missing_key(keys, node, key, place);
        }
    }

    fn names(&mut self, what: Option<&'static str>, shape: &Shape, entries: &'d [Entry]) {
        let ulimits = matches!(self.path.last(), Some(Step::Key("ulimits")));
        for entry in entries {
            if self.is_full() {
                return;
            }
            self.enter(entry, |walk| {
                if let Some(what) = what {
                    walk.name(what, entry);
                }
                if ulimits {
                    walk.ulimit(entry);
                }
                walk.visit(shape, &entry.value, entry.key_place);
            });
        }
    }

    fn name(&mut self, what: &str, entry: &Entry) {
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

    fn ulimit(&mut self, entry: &Entry) {
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

    fn unknown_key(&mut self, keys: &'static Keys, parent: &Node, entry: &'d Entry) {
        let key = entry.key.as_str();
        if self.path.len() == 1 && self.service_outside(entry) {
            return;
        }
        let known = || keys.known.iter().map(|(known, _)| *known);
        let plain = key.trim().to_ascii_lowercase().replace(['-', ' '], "_");
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

    fn missing_key(&mut self, keys: &Keys, node: &Node, key: &'static str, place: Place) {
        let message = format!("`{key}` is missing: {} needs it.", keys.owner);
        let value = usual(key, node);
        let fix = value.map(|value| {
            let path = self.edit_path().into_iter().chain([key.to_owned()]).collect();
            (format!("Add `{key}: {value}`"), Edit::SetKey { path, value: value.into() })
        });
        self.find("key-missing", ERROR, place, message, fix);
    }

    fn value(&mut self, format: &'static Format, node: &'d Node) {
        let Some(text) = node.text() else { return };
        // What a variable will hold is not known here.
        if text.contains('$') {
            return;
        }
        let typed = fits(format.types, &node.value);
        // A number is judged as it is written: `0440` has a meaning that 440 does not have.
        let written = match node.value {
            Value::String(_) => text,
            _ => node.place.slice(self.text).to_owned(),
        };
        let outcome = match format.test {
            Test::Words(words) => spell::words(&written, words),
            Test::Resembles(words) => spell::resembles(&written, words),
            Test::Function(test) => test(&written),
            Test::Spelled(test) => {
                let text = matches!(node.value, Value::String(_));
                test(&written, if text { Spelling::Text } else { Spelling::Number })
            }
        };
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

    fn wrong_type(&mut self, shape: &Shape, node: &Node, place: Place) {
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

    fn is_full(&self) -> bool {
        self.findings.len() >= MOST_FINDINGS
    }

    fn rename(&self, to: &str) -> (String, Edit) {
        (format!("Rename to `{to}`"), Edit::RenameKey { path: self.edit_path(), to: to.to_owned() })
    }

    /// The last key of the path, which is the name of the list if the value is an entry of a list.
    fn key_name(&self) -> String {
        let key = self.path.iter().rev().find_map(|step| match step {
            Step::Key(key) => Some(*key),
            Step::Item(_) => None,
        });
        shown(key.unwrap_or("the file"))
    }

    fn edit_path(&self) -> Vec<String> {
        self.path
            .iter()
            .map(|step| match step {
                Step::Key(key) => (*key).to_owned(),
                Step::Item(index) => index.to_string(),
            })
            .collect()
    }

    fn find(
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

fn accepts(shape: &Shape, node: &Node) -> bool {
    match shape {
        Shape::Any => true,
        Shape::Null => node.is_null(),
        Shape::Text => matches!(node.value, Value::String(_)),
        Shape::Scalar | Shape::Value(_) => {
            !is_collection(&node.value) && !matches!(node.value, Value::Null | Value::Timestamp(_))
        }
        Shape::List(_) | Shape::Unique(_) => matches!(node.value, Value::Sequence(_)),
        Shape::Keys(_) | Shape::Names(..) => matches!(node.value, Value::Mapping(_)),
        Shape::Or(shapes) => shapes.iter().any(|shape| accepts(shape, node)),
    }
}

fn is_collection(value: &Value) -> bool {
    matches!(value, Value::Sequence(_) | Value::Mapping(_))
}

fn fits(types: Types, value: &Value) -> bool {
    match (types, value) {
        (Types::Bool | Types::Number, Value::String(_)) => false,
        (_, Value::String(_))
        | (Types::TextOrInteger | Types::TextOrNumber | Types::Number, Value::Integer(_))
        | (Types::TextOrNumber | Types::Number, Value::Float(_))
        | (Types::TextOrBool | Types::Bool, Value::Bool(_)) => true,
        _ => false,
    }
}

/// The value that a fix writes.
fn typed_value(types: Types, text: &str) -> Json {
    let number = || match text.parse::<i64>() {
        Ok(number) => Some(Json::from(number)),
        Err(_) => text.parse().ok().and_then(Number::from_f64).map(Json::Number),
    };
    match types {
        Types::Bool | Types::TextOrBool if text == "true" || text == "false" => (text == "true").into(),
        Types::TextOrInteger | Types::TextOrNumber | Types::Number => number().unwrap_or_else(|| text.into()),
        _ => text.into(),
    }
}

fn takes_text(shape: &Shape) -> bool {
    match shape {
        Shape::Text | Shape::Scalar => true,
        Shape::Value(format) => !matches!(format.types, Types::Bool | Types::Number),
        Shape::Or(shapes) => shapes.iter().any(takes_text),
        _ => false,
    }
}

fn takes_list(shape: &Shape) -> bool {
    match shape {
        Shape::List(item) | Shape::Unique(item) => takes_text(item) || matches!(item, Shape::Or(_)),
        Shape::Or(shapes) => shapes.iter().any(takes_list),
        _ => false,
    }
}

/// The expected type, for messages.
fn wanted(shape: &Shape) -> String {
    let word = match shape {
        Shape::Or(shapes) => {
            let mut words: Vec<String> =
                shapes.iter().filter(|shape| !matches!(shape, Shape::Null)).map(wanted).collect();
            words.dedup();
            return match words.split_last() {
                Some((last, [])) => last.clone(),
                Some((last, before)) => format!("{} or {last}", before.join(", ")),
                None => String::new(),
            };
        }
        Shape::Value(format) => match format.types {
            Types::Text => "text",
            Types::TextOrInteger => "a whole number",
            Types::TextOrNumber | Types::Number => "a number",
            Types::TextOrBool | Types::Bool => "`true` or `false`",
        },
        Shape::Text => "text",
        Shape::Scalar => "one value",
        Shape::List(_) | Shape::Unique(_) => "a list",
        Shape::Keys(_) | Shape::Names(..) => "a mapping",
        Shape::Any => "a value",
        Shape::Null => "nothing",
    };
    word.to_owned()
}

fn is_service(entry: &Entry) -> bool {
    let body = &entry.value;
    let known = |entry: &&Entry| SERVICE.shape_of(&entry.key).is_some();
    let runs = body.entry("image").is_some() || body.entry("build").is_some();
    !entry.key.starts_with("x-")
        && !entry.merged
        && runs
        && body.entries().iter().filter(known).count() * 2 > body.entries().len()
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

/// A text of the file for a message: in one line and not too long.
fn shown(text: &str) -> String {
    let mut shown: String =
        text.chars().take(60).map(|c| if c.is_control() || c == '`' { ' ' } else { c }).collect();
    if text.chars().nth(60).is_some() {
        shown.push('…');
    }
    shown
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
