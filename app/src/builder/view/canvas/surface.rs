//! State that the parts of the canvas share.

use leptos::prelude::*;

use crate::builder::{
    model::{
        geometry::Rect,
        gesture::Gesture,
        routing::{self, Route},
    },
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

    /// The way of a wire. It changes when one of its ends is moved, and when another node is put down.
    pub fn route(&self, from: &str, to: &str) -> Memo<Option<Route>> {
        let (surface, from, to) = (*self, from.to_owned(), to.to_owned());
        let ends = {
            let (from, to) = (from.clone(), to.clone());
            Memo::new(move |_| Some((surface.drawn(&from)?, surface.drawn(&to)?)))
        };
        let others = Memo::new(move |_| {
            surface.session.document.picture.with(|picture| {
                let others = picture.nodes.iter().filter(|node| node.service != from && node.service != to);
                others.map(|node| node.rect).collect::<Vec<_>>()
            })
        });
        Memo::new(move |_| {
            let (from, to) = ends.get()?;
            Some(others.with(|others| routing::route(&from, &to, others)))
        })
    }
}
