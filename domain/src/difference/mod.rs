//! What differs between two compose files in meaning: services and resources that were added, removed or renamed, and
//! the values that changed, however both files are written.
//!
//! - `facts.rs` turns a service or a resource into facts: paths with values, in which notations with the same meaning are
//!   equal. `entries.rs` does it for lists with a short and a long form, `scalars.rs` for single values
//! - `compare.rs` compares the facts
//! - `hidden.rs` decides which values must not be shown
//! - `words.rs` puts a change into words
//!
//! To treat two notations of another key alike, add the key in `facts.rs`.

mod compare;
mod entries;
mod facts;
mod hidden;
mod scalars;
mod words;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::stack::Stack;

pub use words::Line;

/// The differences, in the order of the files: the file itself, its services, its resources.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    pub changes: Vec<PartChange>,
}

impl Difference {
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }
}

/// What happened to one part of the file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PartChange {
    pub section: Section,
    /// The name of the service or resource; for [`Section::File`], the key of the top level.
    pub name: String,
    #[serde(flatten)]
    pub what: What,
}

/// Where a part is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Section {
    /// A key of the top level that is none of the others.
    File,
    Services,
    Networks,
    Volumes,
    Configs,
    Secrets,
    Models,
}

impl Section {
    /// Those with named entries.
    const NAMED: [(&str, Self); 6] = [
        ("services", Self::Services),
        ("networks", Self::Networks),
        ("volumes", Self::Volumes),
        ("configs", Self::Configs),
        ("secrets", Self::Secrets),
        ("models", Self::Models),
    ];
}

/// `{"what": "changed", "details": […]}`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum What {
    Added {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        image: Option<String>,
    },
    Removed,
    /// The same content has another name. Reported only if no other service has this content.
    Renamed {
        to: String,
    },
    Changed {
        details: Vec<Detail>,
    },
}

/// One value that differs. Both values are missing if they are hidden, or if the path says everything, as for an entry of
/// `networks`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Detail {
    /// Where it is: `["environment", "DB_HOST"]`. Entries of `ports` are named by their mapping, those of `volumes` by
    /// their target.
    pub path: Vec<String>,
    pub kind: Kind,
    /// The value in its shortest notation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
    /// Whether the values are left out because they may be secret.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hidden: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Added,
    Removed,
    Changed,
}

/// Compares two files in meaning. Of a file that is not readable, only what could be read is compared.
pub fn differences(before: &Stack, after: &Stack) -> Difference {
    Difference { changes: compare::compare(&before.model().root, &after.model().root) }
}
