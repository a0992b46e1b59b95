//! The canvas: nodes and wires, which are moved, selected, connected and removed by pointer and keyboard.

mod keys;
mod minimap;
mod networks;
mod node;
mod pointer;
mod surface;
mod tools;
mod wire;

use leptos::{
    ev::{DragEvent, FocusEvent, WheelEvent},
    prelude::*,
};

pub use self::tools::fit;

use self::{
    minimap::Minimap,
    networks::NetworkTints,
    node::CanvasNode,
    surface::Surface,
    tools::CanvasTools,
    wire::{CanvasWire, CoveredWire, WireLabel},
};
use super::{catalogue::take_file, notices::RefusalAt};
use crate::{
    browser,
    builder::{
        model::{
            geometry::{Curve, Rect, Vec2, View},
            gesture::Gesture,
        },
        state::{
            notices::Spot,
            session::{Session, use_session},
            view_port::frame_of,
        },
    },
    components::{EmptyState, Icon, Look, Sign},
};

#[component]
pub fn Canvas() -> impl IntoView {
    let session = use_session();
    let surface =
        Surface { session, gesture: RwSignal::new(Gesture::Idle), under_pointer: RwSignal::new(None) };
    provide_context(surface);
    show_everything_at_first(session);
    let empty = Memo::new(move |_| session.document.picture.with(|picture| picture.nodes.is_empty()));
    let transform = move || {
        let View { offset, scale } = session.view_port.view.get();
        format!("translate({:.2}px, {:.2}px) scale({scale:.4})", offset.x, offset.y)
    };
    let wheel = move |event: WheelEvent| {
        event.prevent_default();
        let at = session.view_port.place_of(Vec2::new(event.client_x().into(), event.client_y().into()));
        session.view_port.view.update(|view| *view = turned(*view, at, &event));
    };
    let drop_file = move |event: DragEvent| {
        event.prevent_default();
        let file = event.data_transfer().and_then(|data| data.files()).and_then(|files| files.get(0));
        if let Some(file) = file {
            take_file(session, file);
        }
    };
    let wiring = move || surface.gesture.with(|gesture| matches!(gesture, Gesture::Wiring { .. }));
    let panning = move || surface.gesture.with(|gesture| matches!(gesture, Gesture::Panning { .. }));
    view! {
        <section class="canvas-frame" aria-label="Canvas">
            <div
                class="canvas"
                class:canvas-wiring=wiring
                class:canvas-panning=panning
                class:canvas-awaits=move || session.view_port.carried.with(|carried| carried.as_ref().is_some_and(|it| it.over_canvas))
                node_ref=session.view_port.surface
                id="canvas"
                data-testid="canvas"
                // Takes the focus when the user clicks beside the nodes, so that keys act on the selection.
                tabindex="-1"
                on:pointerdown=move |event| pointer::down(surface, &event)
                on:pointermove=move |event| pointer::moved(surface, &event)
                on:pointerup=move |event| pointer::up(surface, &event)
                on:pointercancel=move |_| pointer::cancelled(surface)
                on:keydown=move |event| keys::pressed(surface, &event)
                on:focusin=move |event| bring_into_view(session, &event)
                on:wheel=wheel
                on:dragover=move |event: DragEvent| event.prevent_default()
                on:drop=drop_file
            >
                <div class="canvas-world" style:transform=transform>
                    <NetworkTints />
                    <svg class="wires" width="1" height="1" aria-label="Connections" role="group">
                        <For
                            each=move || session.document.picture.with(|picture| picture.wires.clone())
                            key=|wire| (wire.from.clone(), wire.to.clone())
                            let:wire
                        >
                            <CanvasWire from=wire.from to=wire.to />
                        </For>
                        <WireInHand />
                    </svg>
                    <For
                        each=move || session.document.picture.with(|picture| picture.nodes.clone())
                        key=|node| node.service.clone()
                        let:node
                    >
                        <CanvasNode name=node.service />
                    </For>
                    <svg class="wires wires-above" width="1" height="1" aria-hidden="true">
                        <For
                            each=move || session.document.picture.with(|picture| picture.wires.clone())
                            key=|wire| (wire.from.clone(), wire.to.clone())
                            let:wire
                        >
                            <CoveredWire from=wire.from to=wire.to />
                        </For>
                    </svg>
                    <WireLabel />
                </div>
                <FrameInHand />
                {move || empty.get().then(|| view! { <EmptyCanvas /> })}
            </div>
            <Minimap />
            <CanvasTools />
            <div class="canvas-notice">
                <RefusalAt spot=Spot::Canvas />
            </div>
        </section>
    }
}

/// The wheel zooms; sideways, or with Shift, it pans.
fn turned(view: View, at: Vec2, event: &WheelEvent) -> View {
    // The approximate pixels of a line and of a page.
    let unit = match event.delta_mode() {
        WheelEvent::DOM_DELTA_PIXEL => 1.0,
        WheelEvent::DOM_DELTA_LINE => 16.0,
        _ => 400.0,
    };
    let (x, y) = (event.delta_x() * unit, event.delta_y() * unit);
    if event.shift_key() && x == 0.0 {
        view.panned(Vec2::new(-y, 0.0))
    } else if x != 0.0 && !event.ctrl_key() {
        view.panned(Vec2::new(-x, -y))
    } else {
        view.zoomed(at, (-y * 0.0015).exp())
    }
}

/// Moves the canvas to a node that gets the focus while it is outside of the view.
fn bring_into_view(session: Session, event: &FocusEvent) {
    let Some(service) = browser::attribute_around(event.target(), "data-node") else { return };
    let rect =
        session.document.picture.with_untracked(|picture| picture.node(&service).map(|node| node.rect));
    let (Some(rect), Some(frame)) = (rect, session.view_port.frame()) else { return };
    let view = session.view_port.view.get_untracked();
    let seen = Rect::between(view.to_canvas(Vec2::default()), view.to_canvas(frame.size()));
    if !seen.touches(&rect) {
        let offset = frame.size().times(0.5).minus(rect.centre().times(view.scale));
        session.view_port.view.set(View { offset, ..view });
    }
}

/// Fits the view as soon as the canvas is visible: on a phone, only after the user has switched from the list to the canvas.
/// Until then, the view is at the upper left corner.
fn show_everything_at_first(session: Session) {
    let done = StoredValue::new(false);
    Effect::new(move |_| {
        session.view_port.shown.track();
        let Some(node) = session.view_port.surface.get() else { return };
        if done.get_value() {
            return;
        }
        // Waits until the class that shows the canvas has taken effect.
        request_animation_frame(move || {
            let size = frame_of(&node).size();
            if size.x == 0.0 {
                return;
            }
            done.try_set_value(true);
            let bounds = session.document.picture.try_with_untracked(|picture| picture.bounds()).flatten();
            let view = session.view_port.view.try_get_untracked().unwrap_or_default();
            if let Some(bounds) = bounds
                && !view.shows(bounds, size)
            {
                session.view_port.view.try_set(View::fitting(bounds, size));
            }
        });
    });
}

/// The wire that is being drawn.
#[component]
fn WireInHand() -> impl IntoView {
    let surface: Surface = expect_context();
    let path = move || {
        let view = surface.session.view_port.view.get();
        surface.gesture.with(|gesture| match gesture {
            Gesture::Wiring { from, now } => {
                Some(Curve::to_pointer(&surface.drawn(from)?, view.to_canvas(*now)).path())
            }
            _ => None,
        })
    };
    view! { <path class="wire-in-hand" d=move || path().unwrap_or_default() /> }
}

/// The box that is being drawn around nodes.
#[component]
fn FrameInHand() -> impl IntoView {
    let surface: Surface = expect_context();
    let frame = move || {
        surface.gesture.with(|gesture| match gesture {
            Gesture::Framing { start, now } => Some(Rect::between(*start, *now)),
            _ => None,
        })
    };
    move || {
        frame().map(|frame| {
            view! {
                <div
                    class="frame-in-hand"
                    style:left=format!("{}px", frame.x)
                    style:top=format!("{}px", frame.y)
                    style:width=format!("{}px", frame.width)
                    style:height=format!("{}px", frame.height)
                ></div>
            }
        })
    }
}

#[component]
fn EmptyCanvas() -> impl IntoView {
    let session = use_session();
    view! {
        <div class="canvas-empty" data-own-use="">
            <EmptyState
                title="Start with an app"
                text="Drag WordPress and MariaDB here from the catalogue, then draw a wire between them. You can also drop a compose file here, or paste a docker run command."
            >
                <button
                    type="button"
                    class=Look::Plain.class()
                    on:click=move |_| session.panels.importing.set(true)
                >
                    <Icon sign=Sign::File />
                    "Import a compose file"
                </button>
            </EmptyState>
        </div>
    }
}
