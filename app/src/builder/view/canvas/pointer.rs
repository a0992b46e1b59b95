//! From pointer events of the browser to steps of [`Gesture`], and from its wishes to the session.

use leptos::{ev::PointerEvent, prelude::*};

use super::surface::Surface;
use crate::{
    browser,
    builder::{
        model::{
            geometry::{Rect, Vec2},
            gesture::{Gesture, Input, Scene, Target, Wish},
            selection::Selection,
        },
        state::{
            actions,
            frame::frame,
            session::{Session, Spot},
        },
    },
};

pub fn down(surface: Surface, event: &PointerEvent) {
    let Some(node) = surface.session.surface.get_untracked() else { return };
    let target = target_of(event);
    if event.button() == 2 || (event.button() == 1 && target.is_none()) {
        return;
    }
    let Some(target) = target else { return };
    // Fails only when the pointer is gone already.
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

/// On the screen, from the canvas' corner.
fn place(session: Session, event: &PointerEvent) -> Vec2 {
    let corner = session.surface.get_untracked().map(|node| frame(&node).0).unwrap_or_default();
    Vec2::new(event.client_x().into(), event.client_y().into()).minus(corner)
}

/// `None`: something with a use of its own, a button on the empty canvas for example.
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
    let nodes: Vec<(String, Rect)> = session.picture.with_untracked(|picture| {
        picture.nodes.iter().map(|node| (node.service.clone(), node.rect)).collect()
    });
    let selected = session.selection.with_untracked(|selection| selection.services().to_vec());
    let scene = Scene { view: session.view.get_untracked(), nodes: &nodes, selected: &selected };
    let (next, wish) = surface.gesture.get_untracked().step(input, &scene);
    // The stack first: a node that is let go must not be drawn where it came from for one frame.
    if let Some(wish) = wish {
        grant(session, wish);
    }
    surface.gesture.set(next);
}

fn grant(session: Session, wish: Wish) {
    match wish {
        Wish::Select(service) => {
            session.select_service(&service);
            browser::focus(&super::node::element_id(&service));
        }
        Wish::Toggle(service) => session.select(session.selection.get_untracked().toggled(&service)),
        Wish::SelectWire { from, to } => session.select(Selection::Wire { from, to }),
        Wish::SelectAll(services) => session.select(Selection::of(services)),
        Wish::SelectNothing => session.select(Selection::Nothing),
        Wish::Pan(by) => session.view.update(|view| *view = view.panned(by)),
        Wish::Move { services, by } => actions::move_by(session, &services, by),
        Wish::Connect { from, to } => actions::connect(session, Spot::Canvas, &from, &to),
    }
}
