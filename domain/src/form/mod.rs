//! The project form of existing clients, as a view of the stack.
//!
//! A form is JSON, `{"custom": {…}}`: lists of apps and networks with the names of 2023. It becomes a compose file
//! once ([`to_stack`]); from then on the text is the truth, answers are computed from it ([`of_stack`]) and a form that
//! comes again is compared with that view and applied as edits ([`update`]), so that what a form cannot say stays.
//!
//! - `schema.rs` is the table of all fields: another field is another line there
//! - `shape.rs` holds the patterns of single values, `normal.rs` reads any JSON by the table
//! - `parse.rs` adds the rules between fields; `app.rs` and `network.rs` are what the other files ask
//! - `compose.rs` writes, `view.rs` reads back, `extras.rs` keeps what compose cannot say
//! - `update.rs` and `app_pair.rs` find the edits, `form_changes.rs` collects and makes them
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
    finding::{Finding, Severity},
    stack::Stack,
};
use app::App;
use network::Network;

/// A form that follows all the rules. Every optional key is there, unknown keys are not.
#[derive(Clone, PartialEq)]
pub struct Form {
    custom: Map<String, Value>,
    /// Variables whose names came with blanks around them: code of the app and the name as it is now.
    trimmed: Vec<(String, String)>,
}

/// The lists of apps, in the order in which they become services.
const SECTIONS: [&str; 3] = ["web", "service", "feature"];

impl Form {
    /// What the project is called: `custom_stack_code`.
    pub fn name(&self) -> &str {
        text(&self.custom, "custom_stack_code")
    }

    /// `{"custom": {…}}`, what `metadata` of a project holds.
    pub fn to_json(&self) -> Value {
        Value::Object(Map::from_iter([("custom".to_owned(), Value::Object(self.custom.clone()))]))
    }

    /// What was mended on the way in, at its place in the stack that was made of the form.
    pub fn findings(&self, stack: &Stack) -> Vec<Finding> {
        let of_one = |(code, key): &(String, String)| {
            let variable = stack.model().service(code)?.variable(key)?;
            let message = format!(
                "The name of `{key}` came with blanks around it, which no program would find; they are gone."
            );
            let finding = Finding::new(
                "environment-key-trimmed",
                Severity::Hint,
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

    /// The name of a network by its id.
    fn network_named(&self, id: &str) -> Option<&str> {
        self.networks().find(|network| network.id() == id).map(|network| network.name())
    }
}

/// Environment values and passwords stay out of logs.
impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let apps: Vec<_> = self.apps().map(|app| app.code().to_owned()).collect();
        f.debug_struct("Form").field("name", &self.name()).field("apps", &apps).finish_non_exhaustive()
    }
}

/// A field as text; empty when it is null.
fn text<'m>(fields: &'m Map<String, Value>, key: &str) -> &'m str {
    fields.get(key).and_then(Value::as_str).unwrap_or_default()
}
