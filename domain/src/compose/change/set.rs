//! Sets a value: in place if it exists, otherwise at the end of its mapping or list.

use serde_json::Value;

use super::{
    Path, Refusal, Splice,
    append::append,
    find::{Found, Step, find},
    habits::{Habits, column},
    write,
};
use crate::compose::{
    place::Place,
    scalar::{self, Around, Quote},
    syntax::{CoreTag, NodeKind, Pair, Style, Tree},
};

/// How a value can be set.
pub enum Way {
    Splice(Splice),
    /// The value at this depth is shared or merged in: a copy must be written there first.
    Copy {
        depth: usize,
    },
}

pub fn set(text: &str, tree: &Tree, path: &Path, value: &Value, habits: &Habits) -> Result<Way, Refusal> {
    Ok(match find(tree, path) {
        Found::Value(chain) => Way::Splice(match chain.last() {
            Some(Step::Pair { parent, pair }) => replace_pair(text, parent, pair, value, habits),
            Some(Step::Item { parent, index }) => replace_item(text, parent, *index, value, habits),
            _ => {
                return Err(Refusal::new("not-possible", "the whole document can't be set this way"));
            }
        }),
        Found::Blocked { depth, chain } => match chain.last().map(|step| &step.value().kind) {
            Some(NodeKind::Alias(_)) => Way::Copy { depth },
            _ => {
                return Err(Refusal::new(
                    "not-a-collection",
                    format!(
                        "`{}` is a single value, so nothing can be set below it",
                        path[..depth].join(".")
                    ),
                )
                .with_place(chain.last().map(|step| step.value().place)));
            }
        },
        Found::Until { chain, depth } => {
            let container = chain.last().map_or(tree, |step| step.value());
            Way::Splice(append(text, &chain, container, path, depth, value, habits)?)
        }
    })
}

/// Writes a scalar in the same quotes as the scalar that it replaces.
pub fn replacement_scalar(old: &Tree, text: &str, around: Around) -> String {
    let wanted = match &old.kind {
        NodeKind::Scalar { style: Style::Single, .. } => Quote::Single,
        NodeKind::Scalar { style: Style::Double, .. } => Quote::Double,
        _ => Quote::None,
    };
    scalar::write(text, wanted, around)
}

fn is_scalar(value: &Value) -> bool {
    !matches!(value, Value::Array(_) | Value::Object(_))
}

fn scalar_text(old: &Tree, value: &Value, around: Around) -> String {
    match value {
        Value::String(text) => replacement_scalar(old, text, around),
        value => write::inline(value, around),
    }
}

fn replace_pair(text: &str, parent: &Tree, pair: &Pair, value: &Value, habits: &Habits) -> Splice {
    let old = &pair.value;
    let around = habits.around(parent);
    let colon = pair.colon.unwrap_or_else(|| pair.key.end());
    match (&old.kind, value) {
        (NodeKind::Scalar { .. } | NodeKind::Alias(_), value) if is_scalar(value) && !value.is_null() => {
            Splice { place: old.place, text: scalar_text(old, value, around) }
        }
        (NodeKind::Missing, value) if is_scalar(value) && !value.is_null() => {
            let sign = if pair.colon.is_none() { ": " } else { " " };
            Splice { place: Place::at(colon), text: format!("{sign}{}", write::inline(value, around)) }
        }
        (_, value) if around != Around::Block => {
            let start = if matches!(old.kind, NodeKind::Missing) { colon } else { old.start };
            let space = if matches!(old.kind, NodeKind::Missing) { " " } else { "" };
            Splice {
                place: Place::new(start, old.end().max(start)),
                text: format!("{space}{}", write::inline(value, around)),
            }
        }
        (_, value) => {
            let key = pair.key.scalar().unwrap_or_default();
            let new = write::after_colon(key, value, column(text, pair.key.start), habits);
            // The tag says how to merge the value with those of other files, whatever it is.
            let tag = if old.tag == Some(CoreTag::Override) { " !override" } else { "" };
            Splice { place: Place::new(colon, old.end().max(colon)), text: format!("{tag}{new}") }
        }
    }
}

fn replace_item(text: &str, parent: &Tree, index: usize, value: &Value, habits: &Habits) -> Splice {
    let item = &parent.items()[index];
    let around = habits.around(parent);
    if around != Around::Block
        || (is_scalar(value) && matches!(item.node.kind, NodeKind::Scalar { .. } | NodeKind::Alias(_)))
    {
        let new = if is_scalar(value) {
            scalar_text(&item.node, value, around)
        } else {
            write::inline(value, around)
        };
        return Splice { place: item.node.place, text: new };
    }
    let new = write::item(value, column(text, item.dash), habits);
    Splice { place: Place::new(item.dash, item.node.end().max(item.dash + 1)), text: new }
}
