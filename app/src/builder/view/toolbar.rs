//! The toolbar above the canvas: the name of the project, whether it is saved, and actions on the whole stack.

use domain::access::ProjectRole;
use leptos::prelude::*;

use super::{
    deploy::{DeployButton, ModeSwitch},
    download::Download,
    download_env::DownloadEnv,
};
use crate::{
    builder::state::{saving, server_copy::Saving, session::use_session, view_port::Shown},
    components::{Icon, Look, Sign, Tone},
};

#[component]
pub fn Toolbar() -> impl IntoView {
    let session = use_session();
    view! {
        <div class="builder-toolbar">
            <h1 class="min-w-0 truncate text-lead font-semibold" title=session.name.get_value() data-testid="project-name">
                {session.name.get_value()}
            </h1>
            <SaveState />
            <div class="toolbar-actions">
                // First, because it appears only when the deployments have been loaded, and must not move the others.
                <ModeSwitch />
                <UndoRedo />
                <button
                    type="button"
                    class=format!("{} lg:hidden", Look::Icon.class())
                    aria-label="More actions"
                    title="More actions"
                    data-testid="toolbar-more"
                    popovertarget="toolbar-more"
                >
                    <Icon sign=Sign::More />
                </button>
                // In narrow windows a menu, otherwise a part of the toolbar.
                <div id="toolbar-more" popover="auto" class="toolbar-more">
                    <ShownSwitch />
                    <button
                        type="button"
                        class=format!("{} max-lg:justify-start", Look::Quiet.class())
                        data-testid="import"
                        on:click=move |_| session.panels.importing.set(true)
                    >
                        <Icon sign=Sign::Upload />
                        "Import"
                    </button>
                    <Download />
                    <DownloadEnv />
                    // External: a full page load, so that the leave guard notices it.
                    <a
                        class=format!("{} max-lg:justify-start", Look::Quiet.class())
                        data-testid="people"
                        title="The people of this project"
                        href=format!("/projects/{}/people", session.project)
                        rel="external"
                    >
                        <Icon sign=Sign::Person />
                        "Share"
                    </a>
                </div>
                {(session.role >= ProjectRole::Operator).then(|| view! { <DeployButton /> })}
            </div>
        </div>
    }
}

#[component]
fn UndoRedo() -> impl IntoView {
    let session = use_session();
    let can_undo = Memo::new(move |_| session.document.can_undo());
    let can_redo = Memo::new(move |_| session.document.can_redo());
    // `aria-disabled` instead of `disabled`: a disabled button would lose the keyboard focus.
    let disabled = |can: Memo<bool>| move || if can.get() { "false" } else { "true" };
    view! {
        <button
            type="button"
            class=Look::Icon.class()
            data-testid="undo"
            aria-label="Undo"
            title="Undo (Ctrl+Z)"
            aria-disabled=disabled(can_undo)
            on:click=move |_| session.undo()
        >
            <Icon sign=Sign::Undo />
        </button>
        <button
            type="button"
            class=Look::Icon.class()
            data-testid="redo"
            aria-label="Redo"
            title="Redo (Ctrl+Shift+Z)"
            aria-disabled=disabled(can_redo)
            on:click=move |_| session.redo()
        >
            <Icon sign=Sign::Redo />
        </button>
    }
}

/// The choice between canvas and list. Until the user chooses, the width of the window decides.
#[component]
fn ShownSwitch() -> impl IntoView {
    let session = use_session();
    let option = move |shown: Shown, sign: Sign, label: &'static str, testid: &'static str| {
        view! {
            <button
                type="button"
                class=Look::Icon.class()
                data-testid=testid
                aria-label=label
                title=label
                aria-pressed=move || if session.view_port.shown.get() == shown { "true" } else { "false" }
                on:click=move |_| session.view_port.shown.set(shown)
            >
                <Icon sign />
            </button>
        }
    };
    view! {
        <div role="group" aria-label="Show as" class="flex">
            {option(Shown::Canvas, Sign::Picture, "Canvas", "show-canvas")}
            {option(Shown::List, Sign::List, "List", "show-list")}
        </div>
    }
}

#[derive(Clone, Debug, PartialEq)]
enum State {
    Saved,
    Saving,
    /// Not valid YAML: stored in this browser only.
    Broken,
    NotSaved(String),
    Conflict,
    /// A newer version is being loaded.
    CatchingUp,
    /// A newer version waits until the text is valid YAML.
    BehindAndBroken,
}

#[component]
fn SaveState() -> impl IntoView {
    let session = use_session();
    let state = Memo::new(move |_| {
        let (broken, sent) = (session.document.is_broken(), session.is_on_server());
        let behind = session.server.is_behind();
        session.server.saving.with(|saving| match saving {
            Saving::Conflict(_) => State::Conflict,
            Saving::CatchingUp => State::CatchingUp,
            Saving::Failed(why) if !sent => State::NotSaved(why.clone()),
            _ if broken && behind => State::BehindAndBroken,
            _ if broken => State::Broken,
            Saving::Idle if behind => State::CatchingUp,
            _ if sent => State::Saved,
            _ => State::Saving,
        })
    });
    let tone = move || match state.get() {
        State::Saved => Tone::Ok,
        State::Saving | State::CatchingUp => Tone::Busy,
        State::Broken | State::BehindAndBroken | State::Conflict => Tone::Warn,
        State::NotSaved(_) => Tone::Error,
    };
    let words = move || match state.get() {
        State::Saved => "Saved".to_owned(),
        State::Saving => "Saving…".to_owned(),
        State::Broken => "Invalid YAML: not saved, but kept in this browser".to_owned(),
        State::NotSaved(why) => format!("Not saved: {why}"),
        State::Conflict => "Not saved: changed elsewhere".to_owned(),
        State::CatchingUp => "Changed elsewhere: catching up…".to_owned(),
        State::BehindAndBroken => {
            "Changed elsewhere. Your text is merged with it as soon as it is valid YAML.".to_owned()
        }
    };
    // On a phone the sign alone says so.
    let quiet = move || matches!(state.get(), State::Saved | State::Saving);
    let action = move || {
        match state.get() {
        State::NotSaved(_) => {
            Some(view! {
                <button type="button" class="save-action" data-testid="save-again" on:click=move |_| saving::save(session)>
                    "Try again"
                </button>
            }.into_any())
        }
        State::Conflict => Some(view! {
            // Notifies without changing anything, which opens the conflict dialog again.
            <button
                type="button"
                class="save-action"
                data-testid="save-choose"
                on:click=move |_| session.server.saving.update(|_| {})
            >
                "Choose"
            </button>
        }.into_any()),
        _ => None,
    }
    };
    view! {
        <p class="save-state" class:save-quiet=quiet role="status" data-testid="save-state" title=words>
            <span class=move || format!("save-state-words {}", tone().ink())>
                {move || view! { <Icon sign=tone().sign() size=14 /> }}
                <span class="truncate">{words}</span>
            </span>
            {action}
        </p>
    }
}
