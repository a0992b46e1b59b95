//! What the server has stored, and the state of saving.

use domain::api::ProjectDraft;
use leptos::prelude::*;

use crate::builder::model::saved::Saved;

#[derive(Clone, Debug, Default, PartialEq)]
pub enum Saving {
    /// Nothing to save, or waiting for the user to pause.
    #[default]
    Idle,
    Running,
    Failed(String),
    /// Another user or tab has saved in the meantime. Nothing is sent until the user has chosen a version.
    Conflict(Box<ProjectDraft>),
}

#[derive(Clone, Copy)]
pub struct ServerCopy {
    pub saved: RwSignal<Saved>,
    pub saving: RwSignal<Saving>,
}

impl ServerCopy {
    pub fn new(saved: Saved) -> Self {
        Self { saved: RwSignal::new(saved), saving: RwSignal::new(Saving::Idle) }
    }
}
