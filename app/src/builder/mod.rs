//! The Stack Builder: one stack as a picture, as forms and as text, all of it the same thing.
//!
//! Everything a person does becomes an [`domain::stack::Edit`] and goes through [`session::Session`]; everything shown is
//! computed from the one history in there. What can be pure is: [`history`], [`picture`], [`diff`], `canvas::geometry`,
//! `canvas::layout`, `canvas::gesture`, `drawer::lines`, `drawer::typed`, `inspector::validate` and their likes have no
//! signals and no browser in them, and are tested natively.
//!
//! - [`catalogue`]: apps to add, custom image, import
//! - [`canvas`]: nodes, wires, pointer and keyboard; [`list`] is the same for phones, screen readers and no script
//! - [`inspector`]: forms for what is selected
//! - [`drawer`]: the compose file and the problems
//! - [`deploy`]: from here to a host, and the state of what runs
//! - [`saving`], [`local_draft`], [`conflict`]: nothing is lost

pub mod diff;
pub mod history;
pub mod picture;
pub mod session;

mod actions;
mod app_sign;
pub(crate) mod browser;
mod canvas;
mod catalogue;
mod conflict;
mod deploy;
mod download;
mod drawer;
mod inspector;
mod list;
mod local_draft;
mod notices;
mod prose;
mod saving;
mod selection;
mod shortcuts;
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
    session::{Session, Shown},
    toolbar::Toolbar,
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
