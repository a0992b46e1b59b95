//! A small map of the canvas for large stacks: all nodes, and the part that is on the screen. A click or a drag goes there.

use leptos::{ev::PointerEvent, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::Element;

use crate::builder::{
    model::geometry::{Rect, Vec2, View},
    state::{session::use_session, view_port::frame_of},
};

/// Up to this many nodes the canvas is easy to survey without a map.
const WITHOUT_MAP: usize = 12;
/// Of the map, in pixels. The style sheet contains the same values.
const SIZE: Vec2 = Vec2 { x: 176.0, y: 120.0 };

#[component]
pub fn Minimap() -> impl IntoView {
    let session = use_session();
    let is_needed =
        Memo::new(move |_| session.document.picture.with(|picture| picture.nodes.len() > WITHOUT_MAP));
    move || is_needed.get().then(|| view! { <Map /> })
}

#[component]
fn Map() -> impl IntoView {
    let session = use_session();
    let view_port = session.view_port;
    // From canvas units to pixels of the map.
    let scale = Memo::new(move |_| {
        let bounds = session.document.picture.with(|picture| picture.bounds()).unwrap_or_default();
        View::fitting_exactly(bounds.grown(40.0), SIZE)
    });
    // The size of the canvas on the screen, which the server does not know.
    let window = RwSignal::new(None::<Vec2>);
    Effect::new(move || {
        view_port.view.track();
        let now = view_port.frame().map(|frame| frame.size());
        if window.get_untracked() != now {
            window.set(now);
        }
    });
    let on_map = move |rect: Rect| {
        let (first, last) = (rect.corner(), Vec2::new(rect.right(), rect.bottom()));
        scale.with(|scale| Rect::between(scale.to_screen(first), scale.to_screen(last)))
    };
    let nodes = move || {
        session.document.picture.with(|picture| {
            picture
                .nodes
                .iter()
                .map(|node| {
                    let Rect { x, y, width, height } = on_map(node.rect);
                    let class = if node.errors > 0 { "minimap-node minimap-error" } else { "minimap-node" };
                    view! { <rect class=class x=x y=y width=width height=height rx="1" /> }
                })
                .collect_view()
        })
    };
    let part = move || {
        let (view, size) = (view_port.view.get(), window.get()?);
        let seen = Rect::between(view.to_canvas(Vec2::default()), view.to_canvas(size));
        let Rect { x, y, width, height } = on_map(seen);
        Some(view! { <rect class="minimap-part" x=x y=y width=width height=height rx="2" /> })
    };
    let go_to = move |event: &PointerEvent| {
        let map = event.current_target().and_then(|map| map.dyn_into::<Element>().ok());
        let (Some(map), Some(frame)) = (map, view_port.frame()) else { return };
        let at = Vec2::new(event.client_x().into(), event.client_y().into()).minus(frame_of(&map).corner());
        let centre = scale.get_untracked().to_canvas(at);
        view_port.view.update(|view| view.offset = frame.size().times(0.5).minus(centre.times(view.scale)));
    };
    let held = StoredValue::new(false);
    let down = move |event: PointerEvent| {
        held.set_value(true);
        if let Some(map) = event.current_target().and_then(|map| map.dyn_into::<Element>().ok()) {
            // Fails only if the pointer is no longer down.
            drop(map.set_pointer_capture(event.pointer_id()));
        }
        go_to(&event);
    };
    view! {
        // Not for the keyboard: there, the focus moves the canvas to a node.
        <svg
            class="minimap"
            data-testid="minimap"
            role="img"
            aria-label="Map of the whole canvas"
            on:pointerdown=down
            on:pointermove=move |event| {
                if held.get_value() {
                    go_to(&event);
                }
            }
            on:pointerup=move |_| held.set_value(false)
            on:pointercancel=move |_| held.set_value(false)
        >
            {nodes}
            {part}
        </svg>
    }
}
