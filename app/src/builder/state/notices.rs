//! Messages that wait for the user: a refused edit, a question, what an edit took along, and a draft stored in this
//! browser.

use domain::stack::Refusal;
use leptos::prelude::*;

use crate::builder::model::{attempt::Asked, local_draft::LocalDraft};

/// Where an edit was made; its refusal is shown there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spot {
    Catalogue,
    Canvas,
    Inspector,
    Values,
    Text,
    Problems,
    Import,
    CustomImage,
    RunCommand,
}

#[derive(Clone, Copy)]
pub struct Notices {
    /// The last refusal, until the next edit.
    pub refusal: RwSignal<Option<(Spot, Refusal)>>,
    /// An edit that asks before it is made, and where it was made.
    pub asked: RwSignal<Option<(Spot, Asked)>>,
    /// What the last edit took along, until the next edit.
    pub report: RwSignal<Option<(Spot, String)>>,
    /// Text that is stored in this browser and not on the server.
    pub local_draft: RwSignal<Option<LocalDraft>>,
    /// What happened to the changes of another tab or person, as a sentence, until the user dismisses it.
    pub merged: RwSignal<Option<String>>,
}

impl Notices {
    pub fn new() -> Self {
        Self {
            refusal: RwSignal::new(None),
            asked: RwSignal::new(None),
            report: RwSignal::new(None),
            local_draft: RwSignal::new(None),
            merged: RwSignal::new(None),
        }
    }

    /// Removes what was said about the edit before.
    pub fn clear(&self) {
        self.refusal.set(None);
        self.report.set(None);
    }
}
