//! State that the parts of the canvas share.

use leptos::prelude::*;

use crate::builder::{
    model::{geometry::Rect, gesture::Gesture},
    state::session::Session,
};

/// Context that the canvas provides to its nodes and wires.
#[derive(Clone, Copy)]
pub struct Surface {
    pub session: Session,
    pub gesture: RwSignal<Gesture>,
    /// Both ends of the wire under the pointer.
    pub under_pointer: RwSignal<Option<(String, String)>>,
}

impl Surface {
    /// The position at which a node is drawn: its place, plus how far the pointer has moved it.
    pub fn drawn(&self, service: &str) -> Option<Rect> {
        let rect =
            self.session.document.picture.with(|picture| picture.node(service).map(|node| node.rect))?;
        let view = self.session.view_port.view.get();
        Some(rect.moved(self.gesture.with(|gesture| gesture.carries(service, view))))
    }
}
