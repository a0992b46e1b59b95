//! What the parts of the canvas share.

use leptos::prelude::*;

use crate::builder::{
    model::{geometry::Rect, gesture::Gesture},
    state::session::Session,
};

/// What the nodes and wires need of the canvas around them.
#[derive(Clone, Copy)]
pub struct Surface {
    pub session: Session,
    pub gesture: RwSignal<Gesture>,
    /// Both ends of the wire the pointer is on.
    pub under_pointer: RwSignal<Option<(String, String)>>,
}

impl Surface {
    /// Where a node is drawn: where it stands, plus how far it is being carried.
    pub fn drawn(&self, service: &str) -> Option<Rect> {
        let rect = self.session.picture.with(|picture| picture.node(service).map(|node| node.rect))?;
        let view = self.session.view.get();
        Some(rect.moved(self.gesture.with(|gesture| gesture.carries(service, view))))
    }
}
