//! The buttons in the corner of the canvas: zooming, fitting, help.

use leptos::prelude::*;

use crate::{
    builder::{
        model::geometry::View,
        state::session::{Session, use_session},
    },
    components::{Icon, Look, Sign},
};

pub const STEP: f64 = 1.25;

pub fn zoom(session: Session, factor: f64) -> bool {
    let Some(frame) = session.view_port.frame() else { return false };
    session.view_port.view.update(|view| *view = view.zoomed(frame.size().times(0.5), factor));
    true
}

pub fn fit(session: Session) -> bool {
    let Some(frame) = session.view_port.frame() else { return false };
    let bounds = session.document.picture.with_untracked(|picture| picture.bounds());
    session.view_port.view.set(bounds.map(|bounds| View::fitting(bounds, frame.size())).unwrap_or_default());
    true
}

#[component]
pub fn CanvasTools() -> impl IntoView {
    let session = use_session();
    let percent = move || format!("{:.0} %", session.view_port.view.get().scale * 100.0);
    view! {
        <div class="canvas-tools" role="group" aria-label="View">
            <button
                type="button"
                class=Look::Icon.class()
                aria-label="Zoom out"
                title="Zoom out (-)"
                data-testid="zoom-out"
                on:click=move |_| {
                    zoom(session, 1.0 / STEP);
                }
            >
                <Icon sign=Sign::ZoomOut />
            </button>
            <span class="w-11 text-center text-caption text-muted tabular">{percent}</span>
            <button
                type="button"
                class=Look::Icon.class()
                aria-label="Zoom in"
                title="Zoom in (+)"
                data-testid="zoom-in"
                on:click=move |_| {
                    zoom(session, STEP);
                }
            >
                <Icon sign=Sign::ZoomIn />
            </button>
            <button
                type="button"
                class=Look::Icon.class()
                aria-label="Fit everything"
                title="Fit everything (0)"
                data-testid="zoom-fit"
                on:click=move |_| {
                    fit(session);
                }
            >
                <Icon sign=Sign::Fit />
            </button>
            <button
                type="button"
                class=Look::Icon.class()
                aria-label="Keyboard shortcuts"
                title="Keyboard shortcuts (?)"
                data-testid="show-shortcuts"
                on:click=move |_| session.panels.helping.set(true)
            >
                <Icon sign=Sign::Keyboard />
            </button>
        </div>
    }
}
