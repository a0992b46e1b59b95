//! What the Compose Specification allows where: keys, types and values.
//!
//! - [`tables`] lists the keys of every mapping of the specification, and the shape of each value
//! - [`formats`] lists the values with a fixed set of words or a format: durations, sizes, restart policies
//! - [`walk`] compares a document with them, [`types`] says which type of value fits, and [`report`] puts what is wrong into
//!   words
//! - [`since`] knows the versions of keys that not every Compose reads, [`recent`] finds them in a document
//! - [`browse`] tells the language services what may stand where
//!
//! To support another key, add a line to its table; a test compares the tables with the JSON schema of the
//! specification. What Compose 2.40.3 says about a value is recorded in `domain/tests/verdicts`.

mod addresses;
pub mod browse;
mod formats;
mod measures;
mod recent;
mod report;
mod since;
mod spell;
mod tables;
mod types;
mod walk;

#[cfg(test)]
mod tests;

pub use measures::size;
pub use recent::recent_keys;
pub use since::{Since, since};
pub use walk::check;

use crate::finding::{Basis, Severity};

/// Every key that a service may have, in alphabetical order.
pub fn service_keys() -> impl Iterator<Item = &'static str> {
    tables::SERVICE.known.iter().map(|(key, _)| *key)
}

/// The shape of one value.
#[derive(Clone, Copy)]
enum Shape {
    Any,
    Null,
    Text,
    /// Text, a number, or true or false.
    Scalar,
    Value(&'static Format),
    List(&'static Shape),
    /// A list in which no entry may stand twice.
    Unique(&'static Shape),
    Keys(&'static Keys),
    /// A mapping whose keys are names that the author chose, and the shape of each value. The text says what the names
    /// stand for, "a volume", if Compose limits their characters.
    Names(Option<&'static str>, &'static Shape),
    /// The first one that accepts this type of value.
    Or(&'static [Shape]),
}

/// A mapping whose keys the specification lists.
struct Keys {
    /// The mapping in words: "a service".
    owner: &'static str,
    /// Sorted by key.
    known: &'static [(&'static str, Shape)],
    required: &'static [&'static str],
    /// One of these is required, if there are any.
    one_of: &'static [&'static str],
    /// Whether Compose accepts further keys.
    open: bool,
}

impl Keys {
    fn shape_of(&self, key: &str) -> Option<&'static Shape> {
        let at = self.known.binary_search_by_key(&key, |(known, _)| known).ok()?;
        self.known.get(at).map(|(_, shape)| shape)
    }
}

/// A value of which not every text is allowed.
struct Format {
    /// The types that Compose accepts.
    types: Types,
    /// How to write it, as a sentence.
    write: &'static str,
    test: Test,
    objection: Objection,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Types {
    Text,
    TextOrInteger,
    TextOrNumber,
    TextOrBool,
    Bool,
    Number,
}

#[derive(Clone, Copy)]
enum Test {
    /// These words only.
    Words(&'static [&'static str]),
    /// Everything is possible, but a value that resembles one of these words is a slip.
    Resembles(&'static [&'static str]),
    Function(fn(&str) -> Result<(), Wrong>),
    /// Compose reads a number that is written as text in another way.
    Spelled(fn(&str, Spelling) -> Result<(), Wrong>),
}

/// How a value is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Spelling {
    Text,
    Number,
}

/// Why a value is not valid.
#[derive(Default)]
struct Wrong {
    /// The value that was probably meant.
    meant: Option<String>,
    /// Replaces the general reason and objection: "the engine needs at least 6 MB".
    runtime: Option<&'static str>,
}

/// Who objects to a value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Objection {
    Compose,
    Engine,
    /// Nobody: the value has no effect.
    Ignored,
}

impl Objection {
    fn code(self) -> &'static str {
        match self {
            Self::Compose => "value-invalid",
            Self::Engine => "value-unknown",
            Self::Ignored => "value-ignored",
        }
    }

    fn weight(self) -> (Severity, Basis) {
        match self {
            Self::Compose => (Severity::Error, Basis::Compose),
            Self::Engine => (Severity::Error, Basis::Runtime),
            Self::Ignored => (Severity::Warning, Basis::Advice),
        }
    }
}
