//! Catches up with what other tabs and people save: hears of newer versions, loads them, and merges them with what was
//! changed here. If both changed the same part, the user chooses.

use domain::{
    api::ProjectDraft,
    stack::{
        Stack,
        merge::{Part, Side, merge, merge_preferring},
    },
};
use leptos::{leptos_dom::helpers::window_event_listener_untyped, prelude::*, task::spawn_local};
use serde::Deserialize;

use super::{
    server_copy::{Saving, TRY_AGAIN},
    session::Session,
};
use crate::{
    browser,
    builder::model::{
        catch_up::{TakenOver, listed},
        history::Moment,
        saved::Saved,
        typed::{moved_cursor, shown},
    },
    event_source::listen,
    rpc::projects::load_project,
};

/// Listens for newer versions as long as the page can be seen: browsers limit the connections to one server, and a hidden
/// tab catches up when it is shown again.
pub fn keep_up(session: Session) {
    let is_shown = RwSignal::new(false);
    Effect::new(move || {
        let look = move || is_shown.set(!document().hidden());
        look();
        let listener = window_event_listener_untyped("visibilitychange", move |_| look());
        on_cleanup(move || listener.remove());
    });
    Effect::new(move || {
        if !is_shown.get() {
            return;
        }
        let server = session.server;
        let address = Callback::new(move |()| {
            let version = server.saved.try_with_untracked(|saved| saved.version).unwrap_or_default();
            format!("/projects/{}/events?after={version}", session.project)
        });
        let heard = Callback::new(move |data: String| heard(session, &data));
        listen(address, &["project"], heard);
    });
    let can_catch_up = Memo::new(move |_| session.server.is_behind() && !session.document.is_broken());
    Effect::new(move || {
        if can_catch_up.get() {
            catch_up(session);
        }
    });
}

#[derive(Deserialize)]
struct Newer {
    version: i32,
}

fn heard(session: Session, data: &str) {
    let Ok(newer) = serde_json::from_str::<Newer>(data) else { return };
    session.server.newest.try_update(|newest| *newest = newer.version.max(*newest));
    // In a conflict, the effect above has nothing new to say about a still newer version.
    catch_up(session);
}

/// Loads the newest version if there is one. While the user types, the pause after typing does it; while the text is
/// not valid YAML, it waits until it is.
pub fn catch_up(session: Session) {
    let unsaved = !session.server_has_all_untracked();
    let conflict = session.server.saving.with_untracked(|saving| matches!(saving, Saving::Conflict(_)));
    if !unsaved || conflict {
        load(session);
    }
}

/// Loads the newest version now, unless this tab has it, or a request is running.
pub fn load(session: Session) {
    let server = session.server;
    let Some(known) = server.saving.try_with_untracked(|saving| match saving {
        Saving::Running | Saving::CatchingUp => None,
        Saving::Conflict(theirs) => Some(theirs.version),
        Saving::Idle | Saving::Failed(_) => Some(i32::MIN),
    }) else {
        return;
    };
    let is_newer = known.is_some_and(|known| server.newest.get_untracked() > known);
    if !is_newer || !server.is_behind_untracked() || session.document.is_broken_untracked() {
        return;
    }
    server.saving.set(Saving::CatchingUp);
    spawn_local(async move {
        match load_project(session.project).await {
            Ok(theirs) => take_over(session, theirs),
            Err(error) => {
                server.saving.try_set(Saving::Failed(error.to_string()));
                if error.may_pass() {
                    set_timeout(move || load(session), TRY_AGAIN);
                }
            }
        }
    });
}

/// Merges what the server has with what was changed here. Uses only `try_` methods, because the page may have been
/// disposed.
pub fn take_over(session: Session, theirs: ProjectDraft) {
    let server = session.server;
    server.newest.try_update(|newest| *newest = theirs.version.max(*newest));
    let Some(base) = server.saved.try_with_untracked(|saved| saved.stack.clone()) else { return };
    if session.document.is_broken_untracked() {
        // The text that was typed is based on the old version. Both are merged once it is readable.
        server.saving.try_set(Saving::Idle);
        return;
    }
    let stack = stack_of(&theirs);
    let cursor = Cursor::remember(session);
    match session.document.catch_up(&base, &stack) {
        None => {}
        Some(Err(_)) => {
            server.saving.try_set(Saving::Conflict(Box::new(theirs)));
        }
        Some(Ok(taken_over)) => {
            cursor.restore(session);
            server.saved.try_set(Saved::of(&stack, theirs.version));
            server.saving.try_set(Saving::Idle);
            if !base.is_same(&stack) {
                session.notices.merged.try_set(told(&taken_over));
            }
            load(session);
        }
    }
}

/// `None` if nothing is different in this tab.
fn told(taken_over: &TakenOver) -> Option<String> {
    let TakenOver { parts, errors } = taken_over;
    if parts.is_empty() {
        return None;
    }
    let what = listed(parts);
    let error = errors.first().map(|error| {
        format!(" Together with your changes there is a new error: {}.", error.message.trim_end_matches('.'))
    });
    Some(format!("Changed elsewhere and added here: {what}.{}", error.unwrap_or_default()))
}

/// Whether the changes of both sides can be merged by now, because the disputed ones were taken back.
pub fn is_settled(session: Session, theirs: &ProjectDraft) -> bool {
    let base = session.server.saved.with_untracked(|saved| saved.stack.clone());
    session.document.try_stack().is_some_and(|mine| merge(&base, &mine, &stack_of(theirs)).is_ok())
}

/// Keeps this browser's version of what is disputed. The version of the server becomes a step of the history, so undo shows
/// it. The result is based on it, so the next save succeeds. Like every edit, it is saved after a pause.
pub fn keep_mine(session: Session) {
    let Some((base, theirs)) = conflict(session) else { return };
    let mine = session.document.stack();
    let stack = stack_of(&theirs);
    let disputed = disputed(&base, &mine, &stack);
    session.document.push(Moment::good(stack.clone()));
    session.document.push(Moment::good(merge_preferring(Side::Mine, &base, &mine, &stack)));
    settle(session, &stack, theirs.version);
    session.notices.merged.set(Some(format!("Kept your version of {disputed}. Undo shows theirs.")));
}

/// Takes the server's version of what is disputed, as a step that can be undone.
pub fn take_theirs(session: Session) {
    let Some((base, theirs)) = conflict(session) else { return };
    let mine = session.document.stack();
    let stack = stack_of(&theirs);
    let disputed = disputed(&base, &mine, &stack);
    session.document.push(Moment::good(merge_preferring(Side::Theirs, &base, &mine, &stack)));
    settle(session, &stack, theirs.version);
    session.notices.merged.set(Some(format!("Took their version of {disputed}. Undo shows yours.")));
}

fn disputed(base: &Stack, mine: &Stack, theirs: &Stack) -> String {
    let conflicts = merge(base, mine, theirs).err().unwrap_or_default();
    listed(&conflicts.into_iter().map(|conflict| conflict.part).collect::<Vec<Part>>())
}

fn settle(session: Session, theirs: &Stack, version: i32) {
    session.server.saving.set(Saving::Idle);
    session.server.saved.set(Saved::of(theirs, version));
}

fn conflict(session: Session) -> Option<(Stack, ProjectDraft)> {
    let theirs = session.server.saving.with_untracked(|saving| match saving {
        Saving::Conflict(theirs) => Some((**theirs).clone()),
        _ => None,
    })?;
    Some((session.server.saved.with_untracked(|saved| saved.stack.clone()), theirs))
}

pub fn stack_of(draft: &ProjectDraft) -> Stack {
    Stack::read(&draft.compose).with_canvas(draft.canvas.clone()).with_values(draft.values.clone())
}

/// The cursor in the text editor. A text area moves it to the end when its value is replaced.
struct Cursor(Option<(String, (u32, u32))>);

impl Cursor {
    fn remember(session: Session) -> Self {
        let places = browser::selection_in("compose-text");
        Self(places.map(|places| (session.document.now_untracked(|now| shown(now.text())), places)))
    }

    /// Puts the cursor back once the new text has been drawn.
    fn restore(self, session: Session) {
        let Some((before, (start, end))) = self.0 else { return };
        let after = session.document.now_untracked(|now| shown(now.text()));
        if before == after {
            return;
        }
        let moved = move |at| moved_cursor(&before, &after, at);
        let (start, end) = (moved(start), moved(end));
        request_animation_frame(move || browser::select_in("compose-text", start, end));
    }
}
