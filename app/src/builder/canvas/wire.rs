//! A wire: one service needs another.

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
                let wire = picture.wires.iter().find(|wire| wire.from == from && wire.to == to)?;
                Some(match wire.speaks {
                    Some(kind) => format!("{} · {kind}", picture::label(wire)),
                    None => picture::label(wire).to_owned(),
                })
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
    let middle = move || curve.get().map(|curve| curve.middle()).unwrap_or_default();
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
        >
            <path class="wire-hit" d=path />
            <path class="wire-line" d=path />
            <path class="wire-arrow" d=arrow />
            <text class="wire-label" text-anchor="middle" x=move || middle().x y=move || middle().y - 8.0>
                {move || words.get()}
            </text>
        </g>
    }
}
