//! What the server has, and the state of the running save.

use domain::api::ProjectDraft;
use leptos::prelude::*;

use crate::builder::model::saved::Saved;

#[derive(Clone, Debug, Default, PartialEq)]
pub enum Saving {
    /// Nothing to do, or waiting for the person to pause.
    #[default]
    Idle,
    Running,
    Failed(String),
    /// Somebody else saved in the meantime; nothing is sent until the person has chosen a version.
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
