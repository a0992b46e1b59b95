//! Text that the server cannot store is kept in this browser: text that is no YAML, and work while the server is away.
//! It is offered again when the project is opened.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::session::{Saving, Session};
use crate::{browser, builder::model::history::History};

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Kept {
    text: String,
}

fn key(project: i32) -> String {
    format!("stacker-draft-{project}")
}

pub fn keep(session: Session) {
    // Once, before the other effect can clear it.
    let looked = StoredValue::new(false);
    Effect::new(move |_| {
        let failed = session.saving.with(|saving| matches!(saving, Saving::Failed(_)));
        let (worth_keeping, text) = session.history.with(|history| {
            (history.now().broken.is_some() || (failed && !history.nothing_to_send()), text_of(history))
        });
        if !looked.get_value() {
            looked.set_value(true);
            session.kept.set(find(session.project).filter(|kept| *kept != text));
            return;
        }
        if session.kept.with(Option::is_some) {
            return;
        }
        if worth_keeping {
            store(session.project, text);
        } else {
            browser::forget(&key(session.project));
        }
    });
}

fn text_of(history: &History) -> String {
    history.now().text().to_owned()
}

fn find(project: i32) -> Option<String> {
    serde_json::from_str::<Kept>(&browser::remembered(&key(project))?).ok().map(|kept| kept.text)
}

fn store(project: i32, text: String) {
    if let Ok(json) = serde_json::to_string(&Kept { text }) {
        browser::remember(&key(project), &json);
    }
}

/// Puts the kept text into the editor.
pub fn open(session: Session) {
    if let Some(text) = session.kept.get_untracked() {
        session.kept.set(None);
        session.replace_text(&text);
    }
}

pub fn discard(session: Session) {
    session.kept.set(None);
    browser::forget(&key(session.project));
}
