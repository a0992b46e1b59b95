//! The reason why an edit is declined. The text stays unchanged.
//!
//! This file is beside `compose` and not in `stack`, because changing a text already produces refusals. It imports only
//! plain data (`compose/place.rs`, `stack/edit.rs`), so that it does not depend on the code that edits.

use serde::{Deserialize, Serialize};

use crate::{
    compose::place::{Place, Position},
    stack::edit::Edit,
};

/// An edit that cannot be made, or not without changing something else, or not before a question is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[error("{message}")]
pub struct Refusal {
    /// Stable, kebab-case.
    pub code: String,
    /// What, where and how to go on, in the user's words.
    pub message: String,
    pub place: Option<Place>,
    pub position: Option<Position>,
    /// Set if the edit can be made in several ways, and only the user knows which is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<Box<Question>>,
}

/// What has to be decided before an edit is made. Each choice replaces the refused edit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Question {
    /// The places that the question is about, in the order of the text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<AskedPlace>,
    pub choices: Vec<Choice>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AskedPlace {
    /// The path of the value, `["services", "app", "command"]`.
    pub path: Vec<String>,
    /// Byte range of the text.
    pub place: Place,
    /// Where the place starts.
    pub position: Position,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Choice {
    /// The text of the button: "Leave them".
    pub label: String,
    /// What to send instead of the refused edit.
    pub edits: Vec<Edit>,
}

impl Refusal {
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Self { code: code.to_owned(), message: message.into(), place: None, position: None, question: None }
    }

    pub fn at(mut self, text: &str, place: Place) -> Self {
        self.place = Some(place);
        self.position = Some(Position::of(text, place.start));
        self
    }

    pub fn asking(mut self, question: Question) -> Self {
        self.question = Some(Box::new(question));
        self
    }

    /// For code that knows the place but not the text of the stack; [`Self::located_in`] adds the position.
    pub(crate) fn with_place(mut self, place: Option<Place>) -> Self {
        self.place = place;
        self
    }

    /// Completes a refusal that has a place but no position yet.
    pub fn located_in(self, text: &str) -> Self {
        match self.place {
            Some(place) => self.at(text, place),
            None => self,
        }
    }

    pub(crate) fn missing(path: &[String]) -> Self {
        Self::new("key-unknown", format!("there is no `{}` in the file", path.join(".")))
    }
}

impl Choice {
    pub fn new(label: impl Into<String>, edits: impl IntoIterator<Item = Edit>) -> Self {
        Self { label: label.into(), edits: edits.into_iter().collect() }
    }
}

impl AskedPlace {
    pub fn new(text: &str, path: Vec<String>, place: Place) -> Self {
        Self { path, place, position: Position::of(text, place.start) }
    }
}
