//! A wire on the canvas: one service uses another.

use domain::catalog::Wire;
use leptos::prelude::*;

use super::surface::Surface;
use crate::builder::{
    model::{picture, routing::Route, selection::Selection},
    view::app_sign::sign_of,
};

#[component]
pub fn CanvasWire(from: String, to: String) -> impl IntoView {
    let surface: Surface = expect_context();
    let session = surface.session;
    let route = surface.route(&from, &to);
    let words = {
        let (from, to) = (from.clone(), to.clone());
        Memo::new(move |_| {
            session.document.picture.with(|picture| {
                picture.wires.iter().find(|wire| wire.from == from && wire.to == to).map(spoken)
            })
        })
    };
    let selected = {
        let (from, to) = (from.clone(), to.clone());
        Memo::new(move |_| session.selection.now.with(|selection| selection.is_wire(&from, &to)))
    };
    let select = {
        let (from, to) = (from.clone(), to.clone());
        move |_| session.select(Selection::Wire { from: from.clone(), to: to.clone() })
    };
    let path = move || route.with(|route| route.as_ref().map(Route::path)).unwrap_or_default();
    let arrow = move || route.with(|route| route.as_ref().map(Route::arrow)).unwrap_or_default();
    let own = (from.clone(), to.clone());
    let bead = {
        let (from, to) = (from.clone(), to.clone());
        move || view! { <Bead from=from.clone() to=to.clone() route /> }
    };
    let label = {
        let (from, to) = (from.clone(), to.clone());
        move || format!("{from} needs {to}: {}", words.get().unwrap_or_default())
    };
    view! {
        <g
            class="wire"
            class:wire-selected=selected
            data-wire-from=from.clone()
            data-wire-to=to.clone()
            data-testid=format!("wire-{from}-{to}")
            role="button"
            tabindex="0"
            aria-label=label
            on:focus=select
            on:pointerenter=move |_| surface.under_pointer.set(Some(own.clone()))
            on:pointerleave=move |_| surface.under_pointer.set(None)
        >
            <path class="wire-hit" d=path />
            <path class="wire-line" d=path />
            <path class="wire-arrow" d=arrow />
            {bead()}
        </g>
    }
}

/// The icon of the used service, on wires that mean more than start order.
#[component]
fn Bead(from: String, to: String, route: Memo<Option<Route>>) -> impl IntoView {
    let surface: Surface = expect_context();
    let session = surface.session;
    let sign = sign_of(session, &to);
    let means_more = Memo::new(move |_| {
        session.document.picture.with(|picture| {
            picture.wires.iter().any(|wire| wire.from == from && wire.to == to && wire.speaks.is_some())
        })
    });
    let place = move || {
        let middle = route.with(|route| route.as_ref().map(Route::middle)).unwrap_or_default();
        format!("translate({:.1} {:.1})", middle.x, middle.y)
    };
    move || {
        means_more.get().then(|| {
            view! {
                <g class="wire-bead" transform=place>
                    <circle r="12" />
                    <path transform="translate(-7 -7) scale(0.58)" d=move || sign.get() />
                </g>
            }
        })
    }
}

/// Draws a wire a second time, above the nodes, if no way around them was found.
#[component]
pub fn CoveredWire(from: String, to: String) -> impl IntoView {
    let surface: Surface = expect_context();
    let route = surface.route(&from, &to);
    let selected =
        Memo::new(move |_| surface.session.selection.now.with(|selection| selection.is_wire(&from, &to)));
    move || {
        let route = route.get()?;
        route.is_covered.then(|| {
            view! {
                <g class="wire" class:wire-selected=selected>
                    <path class="wire-halo" d=route.path() />
                    <path class="wire-line" d=route.path() />
                    <path class="wire-arrow" d=route.arrow() />
                </g>
            }
        })
    }
}

/// The meaning of the wire under the pointer, or of the selected one. Drawn above the nodes, which would hide it.
#[component]
pub fn WireLabel() -> impl IntoView {
    let surface: Surface = expect_context();
    let session = surface.session;
    let ends = Memo::new(move |_| {
        surface.under_pointer.get().or_else(|| {
            session.selection.now.with(|selection| match selection {
                Selection::Wire { from, to } => Some((from.clone(), to.clone())),
                _ => None,
            })
        })
    });
    move || {
        let (from, to) = ends.get()?;
        let middle = surface.route(&from, &to).get()?.middle();
        let words = session.document.picture.with(|picture| {
            let wire = picture.wires.iter().find(|wire| wire.from == from && wire.to == to)?;
            Some(spoken(wire))
        })?;
        Some(view! {
            <span class="wire-label" aria-hidden="true" style:left=format!("{}px", middle.x) style:top=format!("{}px", middle.y - 24.0)>
                {words}
            </span>
        })
    }
}

fn spoken(wire: &Wire) -> String {
    match wire.speaks {
        Some(kind) => format!("{} · {kind}", picture::label(wire)),
        None => picture::label(wire).to_owned(),
    }
}
