//! Keyboard control of the canvas: arrows move, Delete removes, Enter opens the form, Escape cancels or deselects.

use leptos::{ev::KeyboardEvent, prelude::*};

use super::{surface::Surface, tools};
use crate::{
    browser,
    builder::{
        model::{geometry::Vec2, gesture::Gesture, selection::Selection},
        state::{actions, notices::Spot},
    },
};

/// An arrow key moves by one step of the grid, with Shift by five.
const STEP: f64 = 20.0;

pub fn pressed(surface: Surface, event: &KeyboardEvent) {
    let session = surface.session;
    let selection = session.selection.now.get_untracked();
    // On a node that is not selected yet, keys act on that node.
    let focused = browser::attribute_around(event.target(), "data-node");
    let services = match &focused {
        Some(service) if !selection.has(service) => vec![service.clone()],
        _ => selection.services().to_vec(),
    };
    let control = event.ctrl_key() || event.meta_key();
    let step = if event.shift_key() { STEP * 5.0 } else { STEP };
    let on_handle = browser::attribute_around(event.target(), "data-handle").is_some();
    let done = match event.key().as_str() {
        "ArrowLeft" => nudge(surface, &services, Vec2::new(-step, 0.0)),
        "ArrowRight" => nudge(surface, &services, Vec2::new(step, 0.0)),
        "ArrowUp" => nudge(surface, &services, Vec2::new(0.0, -step)),
        "ArrowDown" => nudge(surface, &services, Vec2::new(0.0, step)),
        "Delete" | "Backspace" => {
            if services.is_empty() {
                actions::remove_selected(session, Spot::Canvas);
            } else {
                actions::remove_services(session, Spot::Canvas, services);
            }
            // The element with the focus may have been removed.
            browser::focus("canvas");
            true
        }
        "Enter" | " " if !on_handle => match focused {
            Some(service) => {
                session.select_service(&service);
                request_animation_frame(|| browser::focus("inspector"));
                true
            }
            None => false,
        },
        "Escape" => {
            if surface.gesture.with_untracked(Gesture::is_idle) {
                session.select(Selection::Nothing);
            } else {
                super::pointer::cancelled(surface);
            }
            true
        }
        "a" if control => {
            let all = session
                .document
                .picture
                .with_untracked(|picture| picture.nodes.iter().map(|node| node.service.clone()).collect());
            session.select(Selection::of(all));
            true
        }
        "d" if control => {
            if let [service] = services.as_slice() {
                actions::duplicate(session, Spot::Canvas, service);
            }
            true
        }
        "+" | "=" if !control => tools::zoom(session, tools::STEP),
        "-" if !control => tools::zoom(session, 1.0 / tools::STEP),
        "0" if !control => tools::fit(session),
        _ => false,
    };
    if done {
        event.prevent_default();
    }
}

fn nudge(surface: Surface, services: &[String], by: Vec2) -> bool {
    if services.is_empty() {
        return false;
    }
    actions::nudge(surface.session, services, by);
    true
}
