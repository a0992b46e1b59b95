//! Stores in this browser what the server does not have: text that is not valid YAML, and changes made while the server
//! cannot be reached. The draft is offered when the project is opened again.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{server_copy::Saving, session::Session};
use crate::browser;

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct LocalDraft {
    text: String,
}

fn key(project: i32) -> String {
    format!("stacker-draft-{project}")
}

pub fn keep(session: Session) {
    // The stored draft is read once, before this effect could clear it.
    let looked = StoredValue::new(false);
    Effect::new(move |_| {
        let failed = session.server.saving.with(|saving| matches!(saving, Saving::Failed(_)));
        let is_on_server = session.is_on_server();
        let (broken, text) = session.document.now(|now| (now.broken.is_some(), now.text().to_owned()));
        let worth_storing = broken || (failed && !is_on_server);
        if !looked.get_value() {
            looked.set_value(true);
            session.notices.local_draft.set(find(session.project).filter(|draft| *draft != text));
            return;
        }
        if session.notices.local_draft.with(Option::is_some) {
            return;
        }
        if worth_storing {
            store(session.project, text);
        } else {
            browser::forget(&key(session.project));
        }
    });
}

fn find(project: i32) -> Option<String> {
    serde_json::from_str::<LocalDraft>(&browser::remembered(&key(project))?).ok().map(|draft| draft.text)
}

fn store(project: i32, text: String) {
    if let Ok(json) = serde_json::to_string(&LocalDraft { text }) {
        browser::remember(&key(project), &json);
    }
}

/// Puts the stored text into the editor.
pub fn open(session: Session) {
    if let Some(text) = session.notices.local_draft.get_untracked() {
        session.notices.local_draft.set(None);
        session.replace_text(&text);
    }
}

pub fn discard(session: Session) {
    session.notices.local_draft.set(None);
    browser::forget(&key(session.project));
}
