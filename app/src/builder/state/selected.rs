//! What is selected on the canvas, in the list and in the text.

use leptos::prelude::*;

use crate::builder::model::{picture::Picture, selection::Selection};

#[derive(Clone, Copy)]
pub struct Selected {
    chosen: RwSignal<Selection>,
    /// The selection without services and wires that are no longer in the stack.
    pub now: Memo<Selection>,
}

impl Selected {
    pub fn within(picture: Memo<Picture>) -> Self {
        let chosen = RwSignal::new(Selection::Nothing);
        let now = Memo::new(move |_| picture.with(|picture| chosen.with(|chosen| chosen.within(picture))));
        Self { chosen, now }
    }

    pub(super) fn choose(&self, selection: Selection) {
        self.chosen.set(selection);
    }
}
