//! A wire: one service needs another.

use domain::catalog::Wire;
use leptos::prelude::*;

use super::{Surface, geometry::Curve};
use crate::builder::{picture, selection::Selection};

#[component]
pub fn CanvasWire(from: String, to: String) -> impl IntoView {
    let surface: Surface = expect_context();
    let session = surface.session;
    let curve = {
        let (from, to) = (from.clone(), to.clone());
        Memo::new(move |_| Some(Curve::between(&surface.drawn(&from)?, &surface.drawn(&to)?)))
    };
    let words = {
        let (from, to) = (from.clone(), to.clone());
        Memo::new(move |_| {
            session.picture.with(|picture| {
                picture.wires.iter().find(|wire| wire.from == from && wire.to == to).map(spoken)
            })
        })
    };
    let selected = {
        let (from, to) = (from.clone(), to.clone());
        Memo::new(move |_| session.selection.with(|selection| selection.is_wire(&from, &to)))
    };
    let select = {
        let (from, to) = (from.clone(), to.clone());
        move |_| session.select(Selection::Wire { from: from.clone(), to: to.clone() })
    };
    let path = move || curve.get().map(|curve| curve.path()).unwrap_or_default();
    let arrow = move || curve.get().map(|curve| curve.arrow()).unwrap_or_default();
    let own = (from.clone(), to.clone());
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
        </g>
    }
}

/// What the wire under the pointer, or the selected one, means. Above the nodes, which would hide it.
#[component]
pub fn WireLabel() -> impl IntoView {
    let surface: Surface = expect_context();
    let session = surface.session;
    let ends = Memo::new(move |_| {
        surface.under_pointer.get().or_else(|| {
            session.selection.with(|selection| match selection {
                Selection::Wire { from, to } => Some((from.clone(), to.clone())),
                _ => None,
            })
        })
    });
    move || {
        let (from, to) = ends.get()?;
        let middle = Curve::between(&surface.drawn(&from)?, &surface.drawn(&to)?).middle();
        let words = session.picture.with(|picture| {
            let wire = picture.wires.iter().find(|wire| wire.from == from && wire.to == to)?;
            Some(spoken(wire))
        })?;
        Some(view! {
            <span class="wire-label" aria-hidden="true" style:left=format!("{}px", middle.x) style:top=format!("{}px", middle.y)>
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
