//! Keyboard shortcuts that work everywhere on the page except in text fields.

use leptos::{
    ev::{self, KeyboardEvent},
    prelude::*,
};

use super::session::Session;
use crate::browser;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shortcut {
    Undo,
    Redo,
}

/// Undo and redo: Ctrl or Cmd with Z, Shift+Z or Y.
pub fn shortcut(event: &KeyboardEvent) -> Option<Shortcut> {
    if !(event.ctrl_key() || event.meta_key()) || event.alt_key() {
        return None;
    }
    match (event.key().to_ascii_lowercase().as_str(), event.shift_key()) {
        ("z", false) => Some(Shortcut::Undo),
        ("z", true) | ("y", false) => Some(Shortcut::Redo),
        _ => None,
    }
}

pub fn listen(session: Session) {
    Effect::new(move || {
        let listener = window_event_listener(ev::keydown, move |event| {
            if browser::is_typing(&event) {
                return;
            }
            match shortcut(&event) {
                Some(Shortcut::Undo) => session.undo(),
                Some(Shortcut::Redo) => session.redo(),
                None => return,
            }
            event.prevent_default();
        });
        on_cleanup(move || listener.remove());
    });
}
