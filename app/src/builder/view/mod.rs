//! The components of the builder.
//!
//! - [`catalogue`]: apps to add, custom image, import
//! - [`canvas`]: nodes, wires, pointer and keyboard; [`list`]: the same for phones, for screen readers and without scripts
//! - [`inspector`]: forms for what is selected
//! - [`drawer`]: the compose file and the problems
//! - [`deploy`]: deploying, and the state of the running services
//! - [`toolbar`]: the project's name and actions on the whole stack
//! - [`notices`]: refusals, reports and banners
//! - [`question`]: what an edit asks before it is made
//! - [`palette`], [`shortcut_help`]: all actions by name, and the keys that start them
//! - [`download`]: the compose file as a file
//! - [`grip`]: resizes inspector and drawer
//! - [`conflict`]: what others saved meanwhile, and the choice between two versions of one stack

mod app_sign;
mod canvas;
mod catalogue;
mod conflict;
mod deploy;
mod download;
mod download_env;
mod drawer;
mod grip;
mod inspector;
mod list;
mod notices;
mod palette;
mod prose;
mod question;
mod shortcut_help;
mod toolbar;

use domain::api::ProjectDraft;
use leptos::prelude::*;

use self::{
    canvas::Canvas,
    catalogue::Catalogue,
    conflict::{ConflictDialog, MergedNotice},
    deploy::{DeployDialog, LiveLogs, LiveStrip},
    download::DownloadDialog,
    drawer::Drawer,
    grip::{Edge, Grip},
    inspector::Inspector,
    list::ServiceList,
    notices::{DraftOffer, ReadOnly},
    palette::CommandPalette,
    question::QuestionDialog,
    shortcut_help::ShortcutHelp,
    toolbar::Toolbar,
};
use super::state::{
    catching_up, image_checks, local_draft, new_text, panel_sizes, saving, session::Session, shortcuts,
    view_port::Shown,
};
use crate::layout::NeedsScripts;

/// The builder for one project. It fills the rest of the window.
#[component]
pub fn StackBuilder(draft: ProjectDraft) -> impl IntoView {
    let session = Session::open(draft);
    provide_context(session);
    saving::keep_saved(session);
    catching_up::keep_up(session);
    image_checks::keep(session);
    local_draft::keep(session);
    new_text::take(session);
    shortcuts::listen(session);
    let shown = move || match session.view_port.shown.get() {
        Shown::AsFits => "builder builder-as-fits",
        Shown::Canvas => "builder builder-canvas",
        Shown::List => "builder builder-list",
    };
    let sizes = session.panels.sizes;
    // Runs only in the browser: the server renders what is not ready yet.
    Effect::new(move || session.ready.set(true));
    view! {
        <div class=shown data-testid="builder" aria-busy=move || if session.ready.get() { "false" } else { "true" }>
            <NeedsScripts text="Changing a stack needs JavaScript, which is switched off here. You can read the stack and download its compose file." />
            <Toolbar />
            <ReadOnly />
            <MergedNotice />
            <LiveStrip />
            <div class="builder-body" style=move || sizes.as_style()>
                <Catalogue />
                <div class="builder-middle">
                    <div class="builder-stage">
                        <Canvas />
                        <ServiceList />
                        <DraftOffer />
                    </div>
                    <LiveLogs />
                    <Drawer />
                </div>
                <Grip
                    edge=Edge::Left
                    label="Width of the inspector"
                    testid="inspector-grip"
                    size=sizes.inspector
                    limits=panel_sizes::INSPECTOR
                />
                <Inspector />
            </div>
            <ConflictDialog />
            <QuestionDialog />
            <DeployDialog />
            <DownloadDialog />
            <CommandPalette />
            <ShortcutHelp />
        </div>
    }
}
