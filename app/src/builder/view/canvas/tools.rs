//! Zoom and fit, in the corner of the canvas.

use leptos::prelude::*;

use crate::{
    builder::{
        model::geometry::View,
        state::{
            frame::frame,
            session::{Session, use_session},
        },
    },
    components::{Icon, Look, Sign},
};

pub const STEP: f64 = 1.25;

pub fn zoom(session: Session, factor: f64) -> bool {
    let Some(node) = session.surface.get_untracked() else { return false };
    let (_, size) = frame(&node);
    session.view.update(|view| *view = view.zoomed(size.times(0.5), factor));
    true
}

pub fn fit(session: Session) -> bool {
    let Some(node) = session.surface.get_untracked() else { return false };
    let (_, size) = frame(&node);
    let bounds = session.picture.with_untracked(|picture| picture.bounds());
    session.view.set(bounds.map(|bounds| View::fitting(bounds, size)).unwrap_or_default());
    true
}

#[component]
pub fn CanvasTools() -> impl IntoView {
    let session = use_session();
    let percent = move || format!("{:.0} %", session.view.get().scale * 100.0);
    view! {
        <div class="canvas-tools" role="group" aria-label="Zoom">
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
        </div>
    }
}
