//! What is shown about the word at an offset: the meaning of a key, where a name is declared and used, the default of a
//! variable, the parts of an image.

use super::{
    cursor::{Role, cursor},
    help, lines,
    mentions::{Mention, is_same, mention_at, mentions},
    names::Named,
    positions::floor,
    variables,
};
use crate::{
    compose::{
        ImageReference, Place, Position, Since,
        browse::{Allowed, Step},
        since,
        syntax::{NodeKind, Tree},
        variables::{Fallback, VariableUse},
    },
    stack::Stack,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hover {
    /// What the text is about.
    pub place: Place,
    /// Backticks mark code; there is no other markup.
    pub text: String,
}

pub fn hover(stack: &Stack, offset: usize) -> Option<Hover> {
    let text = stack.text();
    let offset = floor(text, offset);
    if is_in_comment(stack, offset) {
        return None;
    }
    if let Some(variable) = variables::at(text, offset) {
        return Some(Hover { place: variable.place, text: of_variable(&variable, stack) });
    }
    let all = mentions(stack);
    if let Some(here) = mention_at(&all, offset) {
        return Some(Hover { place: here.place, text: of_name(text, &all, &here) });
    }
    let mut path = Vec::new();
    let found = match find(stack.tree(), offset, &mut path) {
        Some(Found::Value(place)) => of_value(&path, place, place.slice(text)),
        Some(Found::Key(place)) => of_key(&path, place),
        None => None,
    };
    // Where the text stops being valid YAML, its lines still tell the keys.
    found.or_else(|| if stack.is_readable() { None } else { of_line(text, offset) })
}

fn of_line(text: &str, offset: usize) -> Option<Hover> {
    let cursor = cursor(text, offset)?;
    let Role::Entry { has_colon: true, .. } = cursor.role else { return None };
    let word = cursor.word.slice(text).trim_matches(['"', '\'']);
    of_key(&[cursor.path.as_slice(), &[Step::Key(word)]].concat(), cursor.word)
}

fn is_in_comment(stack: &Stack, offset: usize) -> bool {
    let start = lines::line_start(stack.text(), offset);
    let comment = lines::comment_start(lines::line_text(stack.text(), start));
    // In a block scalar, it is no comment.
    let in_value = || find(stack.tree(), offset, &mut Vec::new()).is_some();
    comment.is_some_and(|at| start + at <= offset) && !in_value()
}

enum Found {
    Key(Place),
    Value(Place),
}

/// The key or the scalar at an offset; `path` becomes the path of its entry.
fn find<'t>(node: &'t Tree, offset: usize, path: &mut Vec<Step<'t>>) -> Option<Found> {
    match &node.kind {
        NodeKind::Scalar { .. } => (node.place.contains(offset)).then_some(Found::Value(node.place)),
        NodeKind::Missing | NodeKind::Alias(_) => None,
        NodeKind::Sequence { items, .. } => {
            // The last item that begins before the offset.
            let after = items.partition_point(|item| item.node.start <= offset);
            let item = items.get(after.checked_sub(1)?)?;
            path.push(Step::Item);
            find(&item.node, offset, path)
        }
        NodeKind::Mapping { pairs, .. } => {
            let after = pairs.partition_point(|pair| pair.key.start <= offset);
            let pair = pairs.get(after.checked_sub(1)?)?;
            path.push(Step::Key(pair.key.scalar()?));
            if pair.key.place.contains(offset) {
                return Some(Found::Key(pair.key.place));
            }
            find(&pair.value, offset, path)
        }
    }
}

fn of_key(path: &[Step<'_>], place: Place) -> Option<Hover> {
    let (Step::Key(key), parent) = path.split_last()? else { return None };
    let known = Allowed::at(parent).keys().find(|known| known.key == *key)?;
    let text = help::of(known.owner, known.key)?;
    let version = match since(known.owner, known.key) {
        Some(Since::Known(version)) => format!(" Since Compose {version}."),
        Some(Since::Newer(_)) | None => String::new(),
    };
    Some(Hover { place, text: format!("{text}{version}") })
}

/// A value is explained by its key.
fn of_value(path: &[Step<'_>], place: Place, written: &str) -> Option<Hover> {
    if let [Step::Key("services"), Step::Key(_), Step::Key("image")] = path {
        return Some(Hover { place, text: of_image(written.trim_matches(['"', '\''])) });
    }
    let key = path.iter().rposition(|step| matches!(step, Step::Key(_)))?;
    of_key(&path[..=key], place)
}

fn of_image(text: &str) -> String {
    let image = ImageReference::read(text);
    if let Some(problem) = image.problem() {
        return format!("Not a valid image: {}.", short(&problem));
    }
    let registry = match &image.registry {
        Some(registry) => format!("from the registry `{}`", short(registry)),
        None => "from Docker Hub".to_owned(),
    };
    let version = match (&image.tag, &image.digest) {
        (_, Some(digest)) => {
            format!("Digest `{}`: always exactly this image; a tag beside it has no effect.", short(digest))
        }
        (None, None) => "No tag: the engine takes `latest`, which changes with every release.".to_owned(),
        (Some(tag), None) if tag == "latest" => {
            "Tag `latest`: another image after every release. Write a version instead.".to_owned()
        }
        (Some(tag), None) => {
            format!(
                "Tag `{}`: its owner can move it to another image. A digest (`@sha256:…`) can't be moved.",
                short(tag)
            )
        }
    };
    format!("Image `{}` {registry}. {version}", short(&image.repository))
}

fn of_variable(variable: &VariableUse, stack: &Stack) -> String {
    let name = &variable.name;
    let value = match stack.values().has(name) {
        true => "It has a value.",
        false => "No value is known here; it may come from the environment.",
    };
    let otherwise = match &variable.fallback {
        Fallback::None => "Without a value, Compose inserts empty text and warns.".to_owned(),
        Fallback::Default(default) if default.is_empty() => "Its default is empty text.".to_owned(),
        Fallback::Default(default) => format!("Its default is `{}`.", short(default)),
        Fallback::Required(message) if message.is_empty() => {
            "Without a value, Compose doesn't start.".to_owned()
        }
        Fallback::Required(message) => {
            format!("Without a value, Compose doesn't start and says `{}`.", short(message))
        }
        Fallback::Alternative(text) => {
            format!("With a value, Compose inserts `{}` instead of it.", short(text))
        }
    };
    format!("Variable `{name}`. {value} {otherwise}")
}

/// The maximum number of users that are listed.
const MOST_USERS: usize = 10;

fn of_name(text: &str, all: &[Mention<'_>], here: &Mention<'_>) -> String {
    let same = || all.iter().filter(|other| is_same(other, here));
    let line = |place: Place| Position::of(text, place.start).line;
    let declared = match same().find(|other| other.is_declaration) {
        Some(declaration) => format!("declared on line {}.", line(declaration.place)),
        None if here.named == Named::Network && here.name == "default" => {
            "the network of all services without `networks`; Compose creates it.".to_owned()
        }
        None => "not declared in this file.".to_owned(),
    };
    let mut word = here.named.word().to_owned();
    word[..1].make_ascii_uppercase();
    let uses: Vec<String> = same()
        .filter(|other| !other.is_declaration)
        .take(MOST_USERS)
        .map(|other| match other.user {
            Some((service, key)) => format!("`{service}` (`{key}`, line {})", line(other.place)),
            None => format!("line {}", line(other.place)),
        })
        .collect();
    let more = same().filter(|other| !other.is_declaration).count() - uses.len();
    let uses = match (uses.is_empty(), more) {
        (true, _) => "Nothing uses it.".to_owned(),
        (false, 0) => format!("Used by {}.", uses.join(", ")),
        (false, more) => format!("Used by {} and {more} more.", uses.join(", ")),
    };
    format!("{word} `{}`, {declared} {uses}", short(here.name))
}

/// As long as a digest.
const MOST_SHOWN: usize = 80;

fn short(text: &str) -> String {
    let mut shown: String =
        text.chars().take(MOST_SHOWN).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(MOST_SHOWN).is_some() {
        shown.push('…');
    }
    shown.replace('`', "'")
}
