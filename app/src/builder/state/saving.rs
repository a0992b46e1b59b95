//! Autosave: after a pause, one request with the version that the change is based on. If somebody else has saved meanwhile,
//! both changes are merged or the conflict is shown ([`super::catching_up`]); nothing is overwritten.

use std::time::Duration;

use domain::stack::Stack;
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*, task::spawn_local};

use super::{
    catching_up,
    server_copy::{Saving, TRY_AGAIN},
    session::Session,
};
use crate::{
    builder::model::saved::Saved,
    rpc::{RpcError, projects::save_project},
};

/// Time between the last change and the save.
const PAUSE: Duration = Duration::from_millis(800);

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

/// Sends the stack, unless the server has it, a request is running, or a conflict waits for a choice.
pub fn save(session: Session) {
    let server = session.server;
    match server.saving.try_get_untracked() {
        None | Some(Saving::Running | Saving::CatchingUp) => return,
        Some(Saving::Conflict(theirs)) => {
            if catching_up::is_settled(session, &theirs) {
                catching_up::take_over(session, *theirs);
            }
            return;
        }
        Some(Saving::Idle | Saving::Failed(_)) => {}
    }
    let Some((version, stack)) = unsaved(session) else { return };
    if server.is_behind_untracked() {
        // The server would refuse it.
        catching_up::load(session);
        return;
    }
    server.saving.set(Saving::Running);
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
    match answer {
        Ok(version) => {
            server.saving.try_set(Saving::Idle);
            server.saved.try_set(Saved::of(sent, version));
            server.newest.try_update(|newest| *newest = version.max(*newest));
            catching_up::catch_up(session);
        }
        Err(RpcError::VersionConflict { current }) => catching_up::take_over(session, *current),
        Err(error) => {
            server.saving.try_set(Saving::Failed(error.to_string()));
            if error.may_pass() {
                set_timeout(move || save(session), TRY_AGAIN);
            }
        }
    }
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
