//! The project form of existing clients, as a view of the stack.
//!
//! A form is JSON, `{"custom": {…}}`: lists of apps and networks, with the field names of 2023. It is converted to a
//! compose file once ([`to_stack`]). From then on the text is the source of truth: answers are computed from it
//! ([`of_stack`]), and an updated form is compared with that view and applied as edits ([`update`]), so that
//! everything that a form cannot express stays.
//!
//! - `schema.rs` is the table of all fields: to add a field, add a line there
//! - `shape.rs` holds the patterns of single values, `normal.rs` reads any JSON by the table
//! - `parse.rs` adds the rules between fields; `app.rs` and `network.rs` give access to single apps and networks
//! - `compose.rs` writes the text, `view.rs` reads it back, `extras.rs` holds what compose cannot express
//! - `update.rs` and `app_pair.rs` find the edits, `form_changes.rs` collects and applies them
//! - `credentials.rs` removes secrets

mod app;
mod app_pair;
mod compose;
mod credentials;
mod extras;
mod form_changes;
mod network;
mod normal;
mod parse;
mod schema;
mod shape;
mod update;
mod view;

#[cfg(test)]
mod tests;

pub use compose::to_stack;
pub use credentials::without_credentials;
pub use extras::extras;
pub use update::update;
pub use view::of_stack;

use std::fmt;

use serde_json::{Map, Value};

use crate::{
    finding::{Basis, Finding, Severity},
    stack::Stack,
};
use app::App;
use network::Network;

/// A valid form. It has every optional key and no unknown ones.
#[derive(Clone, PartialEq)]
pub struct Form {
    custom: Map<String, Value>,
    /// Variables whose names were received with blanks around them, as pairs of app code and trimmed name.
    trimmed: Vec<(String, String)>,
}

/// The image reference of one app, from its fields. `None` if it names none.
pub fn image(fields: &Map<String, Value>) -> Option<String> {
    app::image(fields)
}

/// The lists of apps, in the order in which they become services.
const SECTIONS: [&str; 3] = ["web", "service", "feature"];

impl Form {
    /// The name of the project: `custom_stack_code`.
    pub fn name(&self) -> &str {
        text(&self.custom, "custom_stack_code")
    }

    /// The form as JSON, `{"custom": {…}}`, as in the `metadata` of a project.
    pub fn to_json(&self) -> Value {
        Value::Object(Map::from_iter([("custom".to_owned(), Value::Object(self.custom.clone()))]))
    }

    /// Findings about corrections that were made when the form was read, placed in the stack that was created from
    /// it.
    pub fn findings(&self, stack: &Stack) -> Vec<Finding> {
        let of_one = |(code, key): &(String, String)| {
            let variable = stack.model().service(code)?.variable(key)?;
            let message =
                format!("Spaces around the name `{key}` were removed: no program would find it with them.");
            let finding = Finding::new(
                "environment-key-trimmed",
                (Severity::Hint, Basis::Advice),
                stack.text(),
                variable.place,
                message,
            );
            Some(finding.of_service(code))
        };
        self.trimmed.iter().filter_map(of_one).collect()
    }

    fn apps(&self) -> impl Iterator<Item = App<'_>> {
        SECTIONS.into_iter().flat_map(|section| {
            let list = self.custom.get(section).and_then(Value::as_array);
            list.into_iter()
                .flatten()
                .enumerate()
                .filter_map(move |(index, app)| App::new(section, index, app))
        })
    }

    fn networks(&self) -> impl Iterator<Item = Network<'_>> {
        let list = self.custom.get("networks").and_then(Value::as_array);
        list.into_iter().flatten().filter_map(Network::new)
    }

    /// The name of the network that has this id.
    fn network_named(&self, id: &str) -> Option<&str> {
        self.networks().find(|network| network.id() == id).map(|network| network.name())
    }
}

/// Omits environment values and passwords, so that they do not get into logs.
impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let apps: Vec<_> = self.apps().map(|app| app.code().to_owned()).collect();
        f.debug_struct("Form").field("name", &self.name()).field("apps", &apps).finish_non_exhaustive()
    }
}

/// A field as text; empty if it is null.
fn text<'m>(fields: &'m Map<String, Value>, key: &str) -> &'m str {
    fields.get(key).and_then(Value::as_str).unwrap_or_default()
}
