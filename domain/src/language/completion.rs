//! What can be written at the cursor: keys, values with a fixed set of words, names, variables.

use std::collections::HashMap;

use super::{
    cursor::{Cursor, Role, cursor, siblings},
    help,
    names::{self, Named, Part},
    positions::floor,
    typed, variables,
};
use crate::{
    compose::{
        Place,
        browse::{Allowed, KnownKey, Step},
    },
    stack::Stack,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// What the list shows, and what typing filters by.
    pub label: String,
    pub kind: CompletionKind,
    /// The text that replaces [`Self::replace`].
    pub insert: String,
    /// One line about it: the type of a key, the kind of a name.
    pub detail: String,
    pub replace: Place,
    /// What a key does.
    pub help: Option<&'static str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompletionKind {
    Key,
    Value,
    Name(Named),
    Variable,
}

/// Everything that can be written at an offset, in no particular order. It is not filtered by what is typed already.
pub fn completion(stack: &Stack, offset: usize) -> Vec<Completion> {
    let text = stack.text();
    let offset = floor(text, offset);
    if let Some(place) = variables::typed(text, offset) {
        return of_variables(stack, place);
    }
    if let Some(place) = typed::alias(text, offset) {
        return of_anchors(text, place);
    }
    let Some(cursor) = cursor(text, offset) else { return Vec::new() };
    let list = List { stack, cursor: &cursor, offset };
    match cursor.role {
        Role::Value => list.scalars(&cursor.path, ""),
        Role::Entry { column, has_colon, is_flow } => list.entries(column, has_colon, is_flow),
    }
}

fn of_variables(stack: &Stack, place: Place) -> Vec<Completion> {
    let is_closed = stack.text()[place.end..].starts_with(['}', ':', '-', '?', '+']);
    let typed = place.slice(stack.text());
    let names = variables::names(stack).into_iter();
    // The name that is being typed is in the file, too.
    let others = names.filter(|name| name != typed || stack.values().has(name));
    others
        .map(|name| Completion {
            insert: if is_closed { name.clone() } else { format!("{name}}}") },
            detail: if stack.values().has(&name) { "has a value" } else { "used in this file" }.to_owned(),
            label: name,
            kind: CompletionKind::Variable,
            replace: place,
            help: None,
        })
        .collect()
}

fn of_anchors(text: &str, place: Place) -> Vec<Completion> {
    let anchors = typed::anchors_before(text, place.start).into_iter();
    anchors
        .map(|anchor| Completion {
            label: anchor.to_owned(),
            kind: CompletionKind::Name(Named::Anchor(0)),
            insert: anchor.to_owned(),
            detail: Named::Anchor(0).word().to_owned(),
            replace: place,
            help: None,
        })
        .collect()
}

/// The text about each key of each mapping.
type Help = HashMap<(&'static str, &'static str), &'static str>;

struct List<'t, 'c> {
    stack: &'t Stack,
    cursor: &'c Cursor<'t>,
    offset: usize,
}

impl List<'_, '_> {
    fn entries(&self, column: usize, has_colon: bool, is_flow: bool) -> Vec<Completion> {
        let path = &self.cursor.path;
        let allowed = Allowed::at(path);
        let word = self.cursor.word.slice(self.stack.text());
        let present = if is_flow { Vec::new() } else { siblings(self.stack.text(), self.offset, column) };
        let is_free = |key: &str| key == word || !present.contains(&key);
        let help: HashMap<_, _> = help::entries().map(|(owner, key, text)| ((owner, key), text)).collect();
        let free = allowed.keys().filter(|known| is_free(known.key));
        let mut found: Vec<Completion> = free.map(|known| self.key(known, has_colon, &help)).collect();
        if allowed.takes_names() {
            found.extend(self.names_as_keys(has_colon).filter(|name| is_free(&name.label)));
        }
        if !has_colon && !is_flow {
            let items = [path.as_slice(), &[Step::Item]].concat();
            match path.last() {
                Some(Step::Item) => found.extend(self.scalars(path, "")),
                _ if allowed.takes_list() => found.extend(self.scalars(&items, "- ")),
                _ => {}
            }
        }
        found
    }

    fn key(&self, known: KnownKey, has_colon: bool, help: &Help) -> Completion {
        let colon = match (has_colon, known.takes_scalar()) {
            (true, _) => "",
            (false, true) => ": ",
            (false, false) => ":",
        };
        let required = if known.is_required { ", required" } else { "" };
        Completion {
            label: known.key.to_owned(),
            kind: CompletionKind::Key,
            insert: format!("{}{}{colon}", self.blank(), known.key),
            detail: format!("{}{required}", known.wanted()),
            replace: self.cursor.word,
            help: help.get(&(known.owner, known.key)).copied(),
        }
    }

    /// Names that are the keys of a mapping, as in `depends_on`.
    fn names_as_keys(&self, has_colon: bool) -> impl Iterator<Item = Completion> {
        let entry = [self.cursor.path.as_slice(), &[Step::Key("")]].concat();
        let named = names::used(&entry).filter(|(_, part)| *part == Part::Whole).map(|(named, _)| named);
        let colon = if has_colon { "" } else { ":" };
        self.others(named).into_iter().filter_map(move |name| {
            let named = named?;
            Some(self.name(named, &name, format!("{name}{colon}")))
        })
    }

    /// The scalars at a path.
    fn scalars(&self, path: &[Step<'_>], before: &str) -> Vec<Completion> {
        let words = words_of(path).into_iter().chain(Allowed::at(path).words());
        let mut found: Vec<Completion> = words
            .map(|word| Completion {
                label: word.to_owned(),
                kind: CompletionKind::Value,
                insert: format!("{}{before}{}", self.blank(), self.quoted(word)),
                detail: String::new(),
                replace: self.cursor.word,
                help: None,
            })
            .collect();
        if let Some((named, part)) = names::used(path) {
            found.extend(self.others(Some(named)).into_iter().map(|name| {
                let text = match part {
                    Part::Whole | Part::BeforeColon => name,
                    Part::MountSource => format!("{name}:"),
                    Part::After(prefix) => format!("{prefix}{name}"),
                };
                self.name(named, &text, format!("{before}{text}"))
            }));
        }
        found
    }

    fn name(&self, named: Named, label: &str, insert: String) -> Completion {
        Completion {
            label: label.to_owned(),
            kind: CompletionKind::Name(named),
            insert: format!("{}{insert}", self.blank()),
            detail: named.word().to_owned(),
            replace: self.cursor.word,
            help: None,
        }
    }

    /// The declared names, without the service itself.
    fn others(&self, named: Option<Named>) -> Vec<String> {
        let Some(named) = named else { return Vec::new() };
        let itself = match (named, self.cursor.path.get(1)) {
            (Named::Service, Some(Step::Key(name))) => Some(*name),
            _ => None,
        };
        let names = names::declared_names(self.stack, named).into_iter();
        names.filter(|name| Some(name.as_str()) != itself).collect()
    }

    fn blank(&self) -> &'static str {
        if self.cursor.needs_blank { " " } else { "" }
    }

    /// Other readers of YAML take `no` for false.
    fn quoted(&self, word: &str) -> String {
        let before = self.stack.text().get(..self.cursor.word.start).unwrap_or_default();
        match word {
            "no" if !before.ends_with(['"', '\'']) => "\"no\"".to_owned(),
            word => word.to_owned(),
        }
    }
}

/// The words of values that the tables leave to the rules.
fn words_of(path: &[Step<'_>]) -> Vec<&'static str> {
    use Step::{Item, Key};
    let [Key("services"), Key(_), inside @ ..] = path else { return Vec::new() };
    match inside {
        [Key("depends_on"), Key(_), Key("condition")] => {
            vec!["service_started", "service_healthy", "service_completed_successfully"]
        }
        [Key("volumes"), Item, Key("type")] => vec!["volume", "bind", "tmpfs", "npipe", "cluster", "image"],
        [Key("healthcheck"), Key("test"), Item] => vec!["CMD", "CMD-SHELL", "NONE"],
        _ => Vec::new(),
    }
}
