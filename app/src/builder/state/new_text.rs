//! A new project from text that is not valid YAML. The server stores no such text: the project is created empty, and its
//! builder gets the text through the storage of this browser, so that the user can correct it there.

use domain::stack::Stack;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::session::Session;
use crate::{browser, builder::model::history::Moment};

const KEY: &str = "stacker-new-text";

#[derive(Serialize, Deserialize)]
struct NewText {
    /// The name of the project.
    name: String,
    text: String,
}

/// For the page that creates the project: keeps the text for the builder. False if the text is valid YAML, which the server
/// takes, or if this browser stores nothing.
pub fn keep_broken(name: &str, text: &str) -> bool {
    let is_broken = Moment::good(Stack::default()).with_text(text).broken.is_some();
    let new = NewText { name: name.trim().to_owned(), text: text.to_owned() };
    is_broken && serde_json::to_string(&new).is_ok_and(|json| browser::remember(KEY, &json))
}

/// Puts the text into the editor, as a step that can be undone, if this is the project that was created for it.
pub fn take(session: Session) {
    Effect::new(move || {
        let Some(kept) = browser::remembered(KEY) else { return };
        browser::forget(KEY);
        let Ok(new) = serde_json::from_str::<NewText>(&kept) else { return };
        let is_new = session
            .server
            .saved
            .with_untracked(|saved| saved.version == 1 && saved.stack.model().services.is_empty());
        if is_new && session.name.with_value(|name| *name == new.name) {
            session.replace_text(&new.text);
        }
    });
}
