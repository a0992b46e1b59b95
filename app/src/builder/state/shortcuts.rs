//! Keyboard shortcuts that work everywhere on the page, and text pasted outside of fields.

use domain::docker_run;
use leptos::{
    ev::{self, ClipboardEvent, KeyboardEvent},
    prelude::*,
};

use super::session::Session;
use crate::browser;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shortcut {
    Undo,
    Redo,
    /// Opens the list of all actions.
    Commands,
    /// Goes to the search of the catalogue.
    Search,
    /// Opens the list of shortcuts.
    Help,
}

/// For the help: keys, and what they do.
pub const SHORTCUTS: [(&str, &str); 14] = [
    ("Ctrl + K", "All actions"),
    ("?", "This list"),
    ("/", "Search the catalogue; Enter adds the first app"),
    ("Ctrl + Z", "Undo"),
    ("Ctrl + Shift + Z", "Redo"),
    ("Ctrl + V", "On the canvas: add a docker run command or a compose file"),
    ("Arrow keys", "On the canvas: move what is selected; with Shift, further"),
    ("Enter", "On a service: open its settings"),
    ("Delete", "On the canvas: remove what is selected"),
    ("Ctrl + D", "On a service: duplicate it"),
    ("Ctrl + A", "On the canvas: select everything"),
    ("+  −  0", "On the canvas: zoom in, zoom out, fit everything"),
    ("Tab", "While you type in the compose file: indent; with Shift, the other way"),
    ("Escape, then Tab", "In the compose file: leave the text"),
];

/// Cmd counts as Ctrl.
pub fn shortcut(event: &KeyboardEvent) -> Option<Shortcut> {
    if event.alt_key() || event.is_composing() {
        return None;
    }
    let control = event.ctrl_key() || event.meta_key();
    match (control, event.key().to_ascii_lowercase().as_str(), event.shift_key()) {
        (true, "z", false) => Some(Shortcut::Undo),
        (true, "z", true) | (true, "y", false) => Some(Shortcut::Redo),
        (true, "k", false) => Some(Shortcut::Commands),
        // On some keyboards, these two need Shift.
        (false, "?", _) => Some(Shortcut::Help),
        (false, "/", _) => Some(Shortcut::Search),
        _ => None,
    }
}

/// In this browser, keys without Ctrl can be switched off: programs that type for a person would trigger them by accident.
const SINGLE_KEYS: &str = "stacker-single-keys";

pub fn single_keys_work() -> bool {
    browser::remembered(SINGLE_KEYS).as_deref() != Some("off")
}

pub fn let_single_keys_work(on: bool) {
    browser::remember(SINGLE_KEYS, if on { "on" } else { "off" });
}

pub fn listen(session: Session) {
    Effect::new(move || {
        let keys = window_event_listener(ev::keydown, move |event| pressed(session, &event));
        let pastes = window_event_listener(ev::paste, move |event| pasted(session, &event));
        on_cleanup(move || {
            keys.remove();
            pastes.remove();
        });
    });
}

fn pressed(session: Session, event: &KeyboardEvent) {
    let Some(shortcut) = shortcut(event) else { return };
    let panels = session.panels;
    let is_typing = browser::is_typing(event);
    match shortcut {
        // Ctrl+K has no other meaning in a field.
        Shortcut::Commands if !browser::is_in_dialog(event) => panels.commanding.set(true),
        _ if is_typing => return,
        Shortcut::Undo => session.undo(),
        Shortcut::Redo => session.redo(),
        Shortcut::Commands => return,
        Shortcut::Search | Shortcut::Help if !single_keys_work() => return,
        Shortcut::Search => browser::focus("catalogue-search"),
        Shortcut::Help => panels.helping.set(true),
    }
    event.prevent_default();
}

/// A command or a compose file pasted beside the fields is offered as what it is.
fn pasted(session: Session, event: &ClipboardEvent) {
    if browser::is_typing(event) || !session.can_edit() {
        return;
    }
    let Some(text) = browser::pasted_text(event) else { return };
    if docker_run::looks_like(&text) {
        session.panels.read_run(&text);
    } else if text.lines().any(|line| line.trim_end() == "services:") {
        session.panels.import_text.set(text);
        session.panels.importing.set(true);
    } else {
        return;
    }
    event.prevent_default();
}
