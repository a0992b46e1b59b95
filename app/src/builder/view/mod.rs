//! The components of the builder.
//!
//! - [`catalogue`]: apps to add, custom image, import
//! - [`canvas`]: nodes, wires, pointer and keyboard; [`list`] shows the same to phones, screen readers and without script
//! - [`inspector`]: forms for what is selected
//! - [`drawer`]: the compose file and the problems
//! - [`deploy`]: deploying, and the state of what runs
//! - [`toolbar`], [`notices`], [`conflict`]: what is open, refusals, two versions of one stack

mod app_sign;
mod canvas;
mod catalogue;
mod conflict;
mod deploy;
mod download;
mod drawer;
mod inspector;
mod list;
mod notices;
mod prose;
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
    toolbar::Toolbar,
};
use super::state::{
    local_draft, saving,
    session::{Session, Shown},
    shortcuts,
};

/// The builder on one project. Fills what its parent leaves of the window.
#[component]
pub fn StackBuilder(draft: ProjectDraft) -> impl IntoView {
    let session = Session::open(draft);
    provide_context(session);
    saving::keep_saved(session);
    local_draft::keep(session);
    shortcuts::listen(session);
    let shown = move || match session.shown.get() {
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
            <DeployDialog />
        </div>
    }
}
