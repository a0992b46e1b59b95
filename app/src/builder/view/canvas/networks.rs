//! Draws networks as tinted areas behind their members.

use leptos::prelude::*;

use super::surface::Surface;
use crate::builder::model::picture::Network;

/// Number of tints in the style sheet; further networks start over.
const TINTS: usize = 4;

#[component]
pub fn NetworkTints() -> impl IntoView {
    let surface: Surface = expect_context();
    let session = surface.session;
    let network = move |name: String| {
        Memo::new(move |_| {
            session
                .document
                .picture
                .with(|picture| picture.networks.iter().find(|network| network.name == name).cloned())
        })
    };
    view! {
        <For
            each=move || session.document.picture.with(|picture| picture.networks.clone())
            key=|network| network.name.clone()
            let:network_now
        >
            {
                let now = network(network_now.name.clone());
                let length = move |of: fn(&Network) -> f64| {
                    move || now.with(|network| network.as_ref().map(|network| format!("{}px", of(network))))
                };
                let tint = match network_now.index % TINTS {
                    0 => "network-tint network-tint-a",
                    1 => "network-tint network-tint-b",
                    2 => "network-tint network-tint-c",
                    _ => "network-tint network-tint-d",
                };
                view! {
                    <div
                        class=tint
                        data-testid=format!("network-{}", network_now.name)
                        style:left=length(|network| network.rect.x)
                        style:top=length(|network| network.rect.y)
                        style:width=length(|network| network.rect.width)
                        style:height=length(|network| network.rect.height)
                    >
                        <span>{network_now.name.clone()}</span>
                    </div>
                }
            }
        </For>
    }
}
