//! What the server has stored, and the state of saving.

use std::time::Duration;

use domain::api::ProjectDraft;
use leptos::prelude::*;

use crate::builder::model::saved::Saved;

/// Time until the next attempt after the server could not be reached.
pub const TRY_AGAIN: Duration = Duration::from_secs(5);

#[derive(Clone, Debug, Default, PartialEq)]
pub enum Saving {
    /// Nothing to save, or waiting for the user to pause.
    #[default]
    Idle,
    Running,
    /// Loading what another user or tab has saved.
    CatchingUp,
    Failed(String),
    /// Another user or tab has changed the same parts. Nothing is sent until the user has chosen a version.
    Conflict(Box<ProjectDraft>),
}

#[derive(Clone, Copy)]
pub struct ServerCopy {
    pub saved: RwSignal<Saved>,
    pub saving: RwSignal<Saving>,
    /// The newest version that this tab has heard of.
    pub newest: RwSignal<i32>,
}

impl ServerCopy {
    pub fn new(saved: Saved) -> Self {
        let newest = RwSignal::new(saved.version);
        Self { saved: RwSignal::new(saved), saving: RwSignal::new(Saving::Idle), newest }
    }

    /// Whether another user or tab has saved a newer version. Subscribes to both.
    pub fn is_behind(&self) -> bool {
        self.newest.get() > self.saved.with(|saved| saved.version)
    }

    /// Like [`Self::is_behind`] for handlers: does not subscribe, and is false once the page has been disposed.
    pub fn is_behind_untracked(&self) -> bool {
        let saved = self.saved.try_with_untracked(|saved| saved.version);
        self.newest.try_get_untracked() > saved
    }
}
