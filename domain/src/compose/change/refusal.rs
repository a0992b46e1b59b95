//! The reason why an edit is declined. The text stays unchanged.

use serde::{Deserialize, Serialize};

use crate::compose::place::{Place, Position};

/// An edit that cannot be made, or not without changing something else.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[error("{message}")]
pub struct Refusal {
    /// Stable, kebab-case.
    pub code: String,
    /// What, where and how to go on, in the user's words.
    pub message: String,
    pub place: Option<Place>,
    pub position: Option<Position>,
}

impl Refusal {
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Self { code: code.to_owned(), message: message.into(), place: None, position: None }
    }

    pub fn at(mut self, text: &str, place: Place) -> Self {
        self.place = Some(place);
        self.position = Some(Position::of(text, place.start));
        self
    }

    /// For code that knows the place but not the text of the stack; [`Self::located_in`] adds the position.
    pub(super) fn with_place(mut self, place: Option<Place>) -> Self {
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

    pub(super) fn missing(path: &[String]) -> Self {
        Self::new("key-unknown", format!("there is no `{}` in the file", path.join(".")))
    }
}
