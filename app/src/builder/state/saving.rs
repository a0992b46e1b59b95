//! Autosave: after a pause, one request with the version that the change is based on. A conflict is shown; nothing is
//! overwritten.

use std::time::Duration;

use domain::{
    api::ProjectDraft,
    stack::{Stack, Values},
};
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*, task::spawn_local};

use super::{server_copy::Saving, session::Session};
use crate::{
    builder::model::{history::Moment, saved::Saved},
    rpc::{RpcError, projects::save_project},
};

/// Time between the last change and the save.
const PAUSE: Duration = Duration::from_millis(800);
/// Time until the next attempt after the server could not be reached.
const TRY_AGAIN: Duration = Duration::from_secs(5);

pub fn keep_saved(session: Session) {
    // True only in the browser, where effects run: the server renders the page and must not save.
    let running = StoredValue::new(false);
    Effect::new(move |waiting: Option<Option<TimeoutHandle>>| {
        running.set_value(true);
        if let Some(Some(waiting)) = waiting {
            waiting.clear();
        }
        if session.is_on_server() {
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

/// Sends the stack, unless the server has it, a save is running, or a conflict waits for a choice.
pub fn save(session: Session) {
    let blocked = |saving: &Saving| matches!(saving, Saving::Running | Saving::Conflict(_));
    if session.server.saving.try_with_untracked(blocked).unwrap_or(true) {
        return;
    }
    let Some((version, stack)) = unsaved(session) else { return };
    session.server.saving.set(Saving::Running);
    spawn_local(async move {
        let (text, canvas) = (stack.text().to_owned(), stack.canvas().clone());
        let answer = save_project(session.project, version, text, canvas, stack.values().clone()).await;
        finish(session, &stack, answer);
    });
}

/// The last readable stack and the version it is based on. `None` if the server already has it, or if the page has been
/// disposed.
fn unsaved(session: Session) -> Option<(i32, Stack)> {
    let stack = session.document.try_stack()?;
    let version = session
        .server
        .saved
        .try_with_untracked(|saved| (!saved.holds(&stack)).then_some(saved.version))
        .flatten()?;
    Some((version, stack))
}

/// Uses only `try_` methods, because the page may have been disposed before the answer arrives.
fn finish(session: Session, sent: &Stack, answer: Result<i32, RpcError>) {
    let server = session.server;
    let stored = |saved| {
        server.saving.try_set(Saving::Idle);
        server.saved.try_set(saved);
    };
    match answer {
        Ok(version) => stored(Saved::of(sent, version)),
        // If another tab has saved the same bytes, there is no conflict; changes of both to values come together.
        Err(RpcError::VersionConflict { current })
            if current.compose == sent.text() && current.canvas == *sent.canvas() =>
        {
            let base = server.saved.try_with_untracked(|saved| saved.values.clone()).unwrap_or_default();
            session.document.take_values(|mine| Values::merged(&base, mine, &current.values));
            stored(Saved::from(*current));
        }
        Err(RpcError::VersionConflict { current }) => {
            server.saving.try_set(Saving::Conflict(current));
        }
        Err(error) => {
            server.saving.try_set(Saving::Failed(error.to_string()));
            if error.may_pass() {
                set_timeout(move || save(session), TRY_AGAIN);
            }
        }
    }
}

/// Keeps this browser's version. It is based on the version of the server from now on, so the next save succeeds.
pub fn keep_mine(session: Session) {
    let Some(theirs) = conflict(session) else { return };
    session.server.saving.set(Saving::Idle);
    session.server.saved.set(Saved::from(theirs));
    save(session);
}

/// Takes the version of the server, as a step that can be undone.
pub fn take_theirs(session: Session) {
    let Some(theirs) = conflict(session) else { return };
    session.server.saving.set(Saving::Idle);
    let stack = Stack::read(&theirs.compose).with_canvas(theirs.canvas).with_values(theirs.values);
    session.server.saved.set(Saved::of(&stack, theirs.version));
    session.document.push(Moment::good(stack));
}

fn conflict(session: Session) -> Option<ProjectDraft> {
    session.server.saving.with_untracked(|saving| match saving {
        Saving::Conflict(theirs) => Some((**theirs).clone()),
        _ => None,
    })
}

/// Makes the browser ask before the tab is closed while something is not on the server.
fn guard_leaving(session: Session) {
    Effect::new(move || {
        let listener = window_event_listener(leptos::ev::beforeunload, move |event| {
            if unsaved(session).is_some() {
                save(session);
                event.prevent_default();
            }
        });
        on_cleanup(move || listener.remove());
    });
}
