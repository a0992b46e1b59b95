//! Stores in this browser what the server does not have: text that is not valid YAML, and changes made while the server
//! cannot be reached. The draft is offered when the project is opened again.

use domain::stack::Stack;
use leptos::prelude::*;

use super::{catching_up, server_copy::Saving, session::Session};
use crate::{
    browser,
    builder::model::{
        local_draft::{Base, LocalDraft},
        saved::Saved,
    },
};

fn key(project: i32) -> String {
    format!("stacker-draft-{project}")
}

pub fn keep(session: Session) {
    // The stored draft is read once, before this effect could clear it.
    let looked = StoredValue::new(false);
    Effect::new(move |_| {
        let stuck =
            session.server.saving.with(|saving| matches!(saving, Saving::Failed(_) | Saving::Conflict(_)));
        let is_on_server = session.is_on_server();
        let (broken, text) = session.document.now(|now| (now.broken.is_some(), now.text().to_owned()));
        let worth_storing = broken || (stuck && !is_on_server);
        if !looked.get_value() {
            looked.set_value(true);
            session.notices.local_draft.set(find(session.project).filter(|draft| draft.text != text));
            return;
        }
        if session.notices.local_draft.with(Option::is_some) {
            return;
        }
        if worth_storing {
            let base = session
                .server
                .saved
                .with_untracked(|saved| Base { version: saved.version, text: saved.stack.text().to_owned() });
            store(session.project, &LocalDraft { text, base: Some(base) });
        } else {
            browser::forget(&key(session.project));
        }
    });
}

fn find(project: i32) -> Option<LocalDraft> {
    serde_json::from_str(&browser::remembered(&key(project))?).ok()
}

fn store(project: i32, draft: &LocalDraft) {
    if let Ok(json) = serde_json::to_string(draft) {
        browser::remember(&key(project), &json);
    }
}

/// Puts the stored text into the editor. If the project was saved since the draft was written, both are merged.
pub fn open(session: Session) {
    let Some(LocalDraft { text, base }) = session.notices.local_draft.get_untracked() else { return };
    session.notices.local_draft.set(None);
    let is_older = |base: &Base| session.server.saved.with_untracked(|saved| base.version < saved.version);
    if let Some(base) = base.filter(is_older) {
        // As if this tab had been open all the time and had not heard of the newer version yet.
        session.server.saved.update(|saved| {
            let canvas = saved.stack.canvas().clone();
            *saved = Saved::of(&Stack::read(&base.text).with_canvas(canvas), base.version);
        });
    }
    session.replace_text(&text);
    catching_up::catch_up(session);
}

pub fn discard(session: Session) {
    session.notices.local_draft.set(None);
    browser::forget(&key(session.project));
}
