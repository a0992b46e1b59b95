//! Autosave: a pause, then one request with the version it is based on. A conflict is shown, never overwritten.

use std::time::Duration;

use domain::stack::Stack;
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*, task::spawn_local};

use super::session::{Saving, Session};
use crate::{
    builder::model::history::{History, Saved},
    rpc::{RpcError, projects::save_project},
};

/// After the last change.
const PAUSE: Duration = Duration::from_millis(800);
/// After the server could not be reached.
const TRY_AGAIN: Duration = Duration::from_secs(5);

pub fn keep_saved(session: Session) {
    // True once the browser runs this: the server renders and never saves.
    let running = StoredValue::new(false);
    Effect::new(move |waiting: Option<Option<TimeoutHandle>>| {
        running.set_value(true);
        if let Some(Some(waiting)) = waiting {
            waiting.clear();
        }
        if session.history.with(History::nothing_to_send) {
            return None;
        }
        set_timeout_with_handle(move || save(session), PAUSE).ok()
    });
    guard_leaving(session);
    on_cleanup(move || {
        if running.try_get_value().unwrap_or(false) {
            save(session);
        }
    });
}

/// Sends what is shown, unless it is there already, on its way, or waiting for a choice.
pub fn save(session: Session) {
    let blocked = |saving: &Saving| matches!(saving, Saving::Running | Saving::Conflict(_));
    if session.saving.try_with_untracked(blocked).unwrap_or(true) {
        return;
    }
    let Some(Some((version, stack))) = session.history.try_with_untracked(to_send) else { return };
    session.saving.set(Saving::Running);
    let sent = Saved { version, text: stack.text().to_owned(), canvas: stack.canvas().clone() };
    spawn_local(async move {
        let answer = save_project(session.project, version, sent.text.clone(), sent.canvas.clone()).await;
        finish(session, sent, answer);
    });
}

fn to_send(history: &History) -> Option<(i32, Stack)> {
    (!history.nothing_to_send()).then(|| (history.saved().version, history.now().stack.clone()))
}

/// The page may be gone by then: `try_` everywhere.
fn finish(session: Session, sent: Saved, answer: Result<domain::api::ProjectDraft, RpcError>) {
    match answer {
        Ok(current) => {
            session.saving.try_set(Saving::Idle);
            session
                .history
                .try_update(|history| history.mark_saved(Saved { version: current.version, ..sent }));
        }
        Err(RpcError::VersionConflict { current }) => {
            // The same bytes from another tab are no conflict.
            if current.compose == sent.text && current.canvas == sent.canvas {
                session.saving.try_set(Saving::Idle);
                session
                    .history
                    .try_update(|history| history.mark_saved(Saved { version: current.version, ..sent }));
            } else {
                session.saving.try_set(Saving::Conflict(current));
            }
        }
        Err(error) => {
            session.saving.try_set(Saving::Failed(error.to_string()));
            if error.may_pass() {
                set_timeout(move || save(session), TRY_AGAIN);
            }
        }
    }
}

/// My version over theirs: based on theirs from now on, so the next save goes through.
pub fn keep_mine(session: Session) {
    let Some(theirs) = conflict(session) else { return };
    session.saving.set(Saving::Idle);
    session.history.update(|history| {
        history.mark_saved(Saved { version: theirs.version, text: theirs.compose, canvas: theirs.canvas });
    });
    save(session);
}

/// Their version over mine, as a step that can be undone.
pub fn take_theirs(session: Session) {
    let Some(theirs) = conflict(session) else { return };
    session.saving.set(Saving::Idle);
    let stack = Stack::read(&theirs.compose).with_canvas(theirs.canvas);
    session.history.update(|history| history.take_theirs(stack, theirs.version));
}

fn conflict(session: Session) -> Option<domain::api::ProjectDraft> {
    session.saving.with_untracked(|saving| match saving {
        Saving::Conflict(theirs) => Some((**theirs).clone()),
        _ => None,
    })
}

/// The browser asks before the tab is closed while something is not on the server.
fn guard_leaving(session: Session) {
    Effect::new(move || {
        let listener = window_event_listener(leptos::ev::beforeunload, move |event| {
            let saved = session.history.try_with_untracked(History::nothing_to_send).unwrap_or(true);
            if !saved {
                save(session);
                event.prevent_default();
            }
        });
        on_cleanup(move || listener.remove());
    });
}
