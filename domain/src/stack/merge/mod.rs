//! Merges the changes that two tabs have made to one stack since they had the same version.
//!
//! A file is merged by its parts: each service, each entry of the top-level `networks`, `volumes`, `secrets` and
//! `configs`, and every other top-level key as a whole. A part that one side changed is taken from that side, character
//! for character, with its comments; a part that both sides changed differently is a conflict. What is between the parts
//! (blank lines, comments that stand alone) is merged in the same way.
//!
//! - `outline.rs` divides a text into parts
//! - `order.rs` merges the order of the parts
//! - `text.rs` merges two texts and proves that the result has what both sides wanted
//! - `canvas.rs` merges positions, origins and notes
//! - `values.rs` merges the values that are stored beside the text
//!
//! To merge something else that is stored beside the text, add a file for it and call it in [`merge_with`].

mod canvas;
mod order;
mod outline;
mod text;
mod values;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use super::Stack;
use crate::compose::Place;

/// A part that both sides have changed differently, and its places in the texts of both sides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    pub part: Part,
    /// `None`: this side removed it.
    pub mine: Option<Place>,
    pub theirs: Option<Place>,
}

/// A part of a stack that is merged as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Part {
    Service(String),
    /// An entry of a top-level section, for instance of `volumes`.
    Declaration {
        section: String,
        name: String,
    },
    /// A top-level key as a whole.
    TopLevel(String),
    /// The note of a service.
    Note(String),
    /// What the rules report.
    Checks,
    /// The stored value of a variable.
    Value(String),
    /// The file as a whole, because it cannot be merged by its parts. The places are those of the lines that differ.
    File,
}

impl std::fmt::Display for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Service(name) => write!(f, "service `{name}`"),
            Self::Declaration { section, name } => {
                write!(f, "{} `{name}`", section.strip_suffix('s').unwrap_or(section))
            }
            Self::TopLevel(key) => write!(f, "`{key}`"),
            Self::Note(service) => write!(f, "the note of `{service}`"),
            Self::Checks => f.write_str("the settings of the checks"),
            Self::Value(name) => write!(f, "the value of `{name}`"),
            Self::File => f.write_str("the file"),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Mine,
    Theirs,
}

/// The stack with the changes of both sides since `base`. If only one side has changed, the result is that side, byte for
/// byte.
pub fn merge(base: &Stack, mine: &Stack, theirs: &Stack) -> Result<Stack, Vec<Conflict>> {
    merge_with(base, mine, theirs, None)
}

/// Like [`merge`], with the version of one side wherever there is a conflict. The other changes of both sides are kept,
/// unless the file can only be taken as a whole.
pub fn merge_preferring(side: Side, base: &Stack, mine: &Stack, theirs: &Stack) -> Stack {
    let whole = || match side {
        Side::Mine => mine.clone(),
        Side::Theirs => theirs.clone(),
    };
    merge_with(base, mine, theirs, Some(side)).unwrap_or_else(|_| whole())
}

/// What differs between two versions of a stack, in the order of `after`; what is only in `before` is last. Positions on the
/// canvas do not count.
pub fn changes(before: &Stack, after: &Stack) -> Vec<Part> {
    let mut changes = text::changes(before, after);
    changes.extend(canvas::changed_notes(before.canvas(), after.canvas()));
    changes.extend((before.canvas().checks != after.canvas().checks).then_some(Part::Checks));
    changes.extend(values::changed(before.values(), after.values()));
    changes
}

fn merge_with(
    base: &Stack,
    mine: &Stack,
    theirs: &Stack,
    prefer: Option<Side>,
) -> Result<Stack, Vec<Conflict>> {
    let same = |one: &Stack, other: &Stack| {
        one.text() == other.text() && one.canvas() == other.canvas() && one.values() == other.values()
    };
    if same(base, theirs) || same(mine, theirs) {
        return Ok(mine.clone());
    }
    if same(base, mine) {
        return Ok(theirs.clone());
    }
    let text = text::merge(base, mine, theirs, prefer);
    let canvas = canvas::merge(base.canvas(), mine.canvas(), theirs.canvas(), prefer);
    let values = values::merge(base.values(), mine.values(), theirs.values(), prefer);
    let (stack, mut canvas, values) = match (text, canvas, values) {
        (Ok(stack), Ok(canvas), Ok(values)) => (stack, canvas, values),
        (text, canvas, values) => {
            let conflicts = [text.err(), canvas.err(), values.err()];
            return Err(conflicts.into_iter().flatten().flatten().collect());
        }
    };
    canvas::forget_removed(&mut canvas, &stack, &[base, mine, theirs]);
    Ok(stack.with_canvas(canvas).with_values(values))
}

/// The version of one value after a merge; `None` if both sides changed it differently.
fn pick<T: PartialEq>(base: T, mine: T, theirs: T) -> Option<T> {
    if mine == theirs || theirs == base {
        Some(mine)
    } else if mine == base {
        Some(theirs)
    } else {
        None
    }
}

/// Like [`pick`], with the version of the preferred side if both changed it differently.
fn pick_or<T: PartialEq + Clone>(prefer: Option<Side>, base: T, mine: T, theirs: T) -> Option<T> {
    pick(base, mine.clone(), theirs.clone()).or_else(|| match prefer? {
        Side::Mine => Some(mine),
        Side::Theirs => Some(theirs),
    })
}
