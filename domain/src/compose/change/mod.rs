//! Lossless changes. Each sets, removes or renames one value and touches as few characters as possible.
//!
//! A [`Change`] describes the intended difference and [`Draft`] makes it in the text. [`Draft::finish`] reads the
//! text again and refuses the whole edit if anything else changed.
//!
//! - `draft.rs` applies changes one after the other
//! - `find.rs` follows a path through the document as written
//! - `set.rs`, `remove.rs`, `rename.rs` turn a change into a replacement of text
//! - `nest.rs` moves a block below `services`
//! - `respell.rs` replaces words inside scalars
//! - `write.rs` writes new values in the style of the file, which `habits.rs` detects
//! - `intended.rs` computes the values that the text must have afterwards

mod append;
mod convert;
mod draft;
mod find;
mod habits;
mod intended;
mod nest;
mod remove;
mod rename;
mod respell;
mod set;
mod write;

#[cfg(test)]
mod tests;

pub use crate::refusal::Refusal;
pub use convert::list_to_mapping;
pub use draft::Draft;
pub use habits::{Habits, line_end, line_start, past_own_comments};
pub use nest::below_services;
pub use respell::{Respelling, spellings};

use serde_json::Value;

use super::place::Place;

/// Mapping keys and sequence indexes, starting at the root.
pub type Path = Vec<String>;

#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// Sets a value and creates missing parents. The index after the last item of a list appends.
    Set {
        path: Path,
        value: Value,
    },
    /// Removes a value. A mapping or list that becomes empty is removed too, unless its key is a name that the user
    /// chose.
    Remove {
        path: Path,
    },
    Rename {
        path: Path,
        to: String,
    },
}

impl Change {
    pub fn set(path: &[&str], value: impl Into<Value>) -> Self {
        Self::Set { path: own(path), value: value.into() }
    }

    pub fn remove(path: &[&str]) -> Self {
        Self::Remove { path: own(path) }
    }

    pub fn rename(path: &[&str], to: &str) -> Self {
        Self::Rename { path: own(path), to: to.to_owned() }
    }

    pub fn path(&self) -> &[String] {
        match self {
            Self::Set { path, .. } | Self::Remove { path } | Self::Rename { path, .. } => path,
        }
    }
}

fn own(path: &[&str]) -> Path {
    path.iter().map(|step| (*step).to_owned()).collect()
}

/// One replacement in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Splice {
    pub place: Place,
    pub text: String,
}

/// What remains of a mapping or list that has become empty; `None` if it is removed.
///
/// `services` stays, because every file has it. An entry whose key is a name chosen by the user stays, without a value.
fn remains(path: &[String]) -> Option<serde_json::Value> {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    match path.as_slice() {
        ["services"] => Some(Value::Object(serde_json::Map::new())),
        [_, _] | ["services", _, "networks" | "depends_on", _] => Some(Value::Null),
        _ => None,
    }
}
