//! Messages that wait for the user: a refused edit, and a draft stored in this browser.

use domain::stack::Refusal;
use leptos::prelude::*;

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
}

#[derive(Clone, Copy)]
pub struct Notices {
    /// The last refusal, until the next edit.
    pub refusal: RwSignal<Option<(Spot, Refusal)>>,
    /// Text that is stored in this browser and not on the server.
    pub local_draft: RwSignal<Option<String>>,
}

impl Notices {
    pub fn new() -> Self {
        Self { refusal: RwSignal::new(None), local_draft: RwSignal::new(None) }
    }
}
