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
//! - [`conflict`]: the choice between two versions of one stack

mod app_sign;
mod canvas;
mod catalogue;
mod conflict;
mod deploy;
mod download;
mod download_env;
mod drawer;
mod inspector;
mod list;
mod notices;
mod prose;
mod question;
mod toolbar;

use domain::api::ProjectDraft;
use leptos::prelude::*;

use self::{
    canvas::Canvas,
    catalogue::Catalogue,
    conflict::ConflictDialog,
    deploy::{DeployDialog, LiveLogs, LiveStrip},
    drawer::Drawer,
    inspector::Inspector,
    list::ServiceList,
    notices::{DraftOffer, ReadOnly},
    question::QuestionDialog,
    toolbar::Toolbar,
};
use super::state::{local_draft, saving, session::Session, shortcuts, view_port::Shown};

/// The builder for one project. It fills the rest of the window.
#[component]
pub fn StackBuilder(draft: ProjectDraft) -> impl IntoView {
    let session = Session::open(draft);
    provide_context(session);
    saving::keep_saved(session);
    local_draft::keep(session);
    shortcuts::listen(session);
    let shown = move || match session.view_port.shown.get() {
        Shown::AsFits => "builder builder-as-fits",
        Shown::Canvas => "builder builder-canvas",
        Shown::List => "builder builder-list",
    };
    view! {
        <div class=shown data-testid="builder">
            <Toolbar />
            <ReadOnly />
            <DraftOffer />
            <LiveStrip />
            <div class="builder-body">
                <Catalogue />
                <div class="builder-middle">
                    <div class="builder-stage">
                        <Canvas />
                        <ServiceList />
                    </div>
                    <LiveLogs />
                    <Drawer />
                </div>
                <Inspector />
            </div>
            <ConflictDialog />
            <QuestionDialog />
            <DeployDialog />
        </div>
    }
}
