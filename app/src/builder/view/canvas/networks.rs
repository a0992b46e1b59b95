//! Draws networks as tinted areas behind their members. A network has several areas where other services stand in between.

use leptos::prelude::*;

use super::surface::Surface;
use crate::builder::model::{geometry::Rect, picture::Network};

/// Number of tints in the style sheet; further networks start over.
const TINTS: usize = 4;

#[component]
pub fn NetworkTints() -> impl IntoView {
    let surface: Surface = expect_context();
    let session = surface.session;
    let areas = Memo::new(move |_| {
        session.document.picture.with(|picture| {
            let of_network = |network: &Network| {
                let parts = network.areas.iter().enumerate();
                let area = |(part, rect): (usize, &Rect)| Area {
                    network: network.name.clone(),
                    part,
                    index: network.index,
                    rect: *rect,
                };
                parts.map(area).collect::<Vec<_>>()
            };
            picture.networks.iter().flat_map(of_network).collect::<Vec<_>>()
        })
    });
    view! {
        <For
            each=move || areas.get()
            key=|area| (area.network.clone(), area.part, area.index)
            children=move |area| view! { <Tint area areas /> }
        />
    }
}

/// One area of a network.
#[derive(Clone, Debug, PartialEq)]
struct Area {
    network: String,
    part: usize,
    index: usize,
    rect: Rect,
}

#[component]
fn Tint(area: Area, areas: Memo<Vec<Area>>) -> impl IntoView {
    let Area { network, part, index, .. } = area;
    let now = {
        let network = network.clone();
        Memo::new(move |_| {
            let is_it = |area: &&Area| area.network == network && area.part == part;
            areas.with(|areas| areas.iter().find(is_it).map(|area| area.rect).unwrap_or_default())
        })
    };
    let length = move |of: fn(&Rect) -> f64| move || format!("{}px", now.with(of));
    let tint = match index % TINTS {
        0 => "network-tint network-tint-a",
        1 => "network-tint network-tint-b",
        2 => "network-tint network-tint-c",
        _ => "network-tint network-tint-d",
    };
    view! {
        <div
            class=tint
            data-testid=format!("network-{network}")
            style:left=length(|rect| rect.x)
            style:top=length(|rect| rect.y)
            style:width=length(|rect| rect.width)
            style:height=length(|rect| rect.height)
        >
            <span>{network.clone()}</span>
        </div>
    }
}
