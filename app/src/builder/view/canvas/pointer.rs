//! Translates pointer events into inputs of [`Gesture`], and what the gesture asks for into calls of the session.

use leptos::{ev::PointerEvent, prelude::*};

use super::surface::Surface;
use crate::{
    browser,
    builder::{
        model::{
            geometry::Vec2,
            gesture::{Gesture, Input, Scene, Target, Wish},
            selection::Selection,
        },
        state::{actions, notices::Spot, session::Session},
    },
};

pub fn down(surface: Surface, event: &PointerEvent) {
    let Some(node) = surface.session.view_port.surface.get_untracked() else { return };
    let target = target_of(event);
    if event.button() == 2 || (event.button() == 1 && target.is_none()) {
        return;
    }
    let Some(target) = target else { return };
    // Fails only if the pointer is no longer down.
    drop(node.set_pointer_capture(event.pointer_id()));
    let input = Input::Down {
        target,
        at: place(surface.session, event),
        additive: event.shift_key() || event.ctrl_key() || event.meta_key(),
        pan: event.button() == 1,
    };
    step(surface, input);
}

pub fn moved(surface: Surface, event: &PointerEvent) {
    if !surface.gesture.with_untracked(Gesture::is_idle) {
        step(surface, Input::Move { at: place(surface.session, event) });
    }
}

pub fn up(surface: Surface, event: &PointerEvent) {
    if !surface.gesture.with_untracked(Gesture::is_idle) {
        step(surface, Input::Up { at: place(surface.session, event) });
    }
}

pub fn cancelled(surface: Surface) {
    step(surface, Input::Cancel);
}

/// The screen position of the event, measured from the corner of the canvas.
fn place(session: Session, event: &PointerEvent) -> Vec2 {
    session.view_port.place_of(Vec2::new(event.client_x().into(), event.client_y().into()))
}

/// What the pointer is on. `None`: an element that handles the pointer itself, such as a button on the empty canvas.
fn target_of(event: &PointerEvent) -> Option<Target> {
    let around = |name| browser::attribute_around(event.target(), name);
    if let Some(handle) = around("data-handle") {
        return Some(Target::Handle(handle));
    }
    if let Some(node) = around("data-node") {
        return Some(Target::Node(node));
    }
    if let (Some(from), Some(to)) = (around("data-wire-from"), around("data-wire-to")) {
        return Some(Target::Wire { from, to });
    }
    around("data-own-use").is_none().then_some(Target::Background)
}

fn step(surface: Surface, input: Input) {
    let session = surface.session;
    let view = session.view_port.view.get_untracked();
    let wish = session.document.picture.with_untracked(|picture| {
        session.selection.now.with_untracked(|selection| {
            let scene = Scene { view, nodes: &picture.nodes, selected: selection.services() };
            surface.gesture.try_update_untracked(|gesture| gesture.step(input, &scene)).flatten()
        })
    });
    // The stack changes first; otherwise a dropped node would be drawn at its old place for one frame.
    if let Some(wish) = wish {
        grant(session, wish);
    }
    surface.gesture.notify();
}

fn grant(session: Session, wish: Wish) {
    match wish {
        Wish::Select(service) => {
            session.select_service(&service);
            browser::focus(&super::node::element_id(&service));
        }
        Wish::Toggle(service) => session.select(session.selection.now.get_untracked().toggled(&service)),
        Wish::SelectWire { from, to } => session.select(Selection::Wire { from, to }),
        Wish::SelectAll(services) => session.select(Selection::of(services)),
        Wish::SelectNothing => session.select(Selection::Nothing),
        Wish::Pan(by) => session.view_port.view.update(|view| *view = view.panned(by)),
        Wish::Move { services, by } => actions::move_by(session, &services, by),
        Wish::Connect { from, to } => actions::connect(session, Spot::Canvas, &from, &to),
    }
}
