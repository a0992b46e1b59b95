//! Right of the canvas: forms for what is selected.
//!
//! A field writes an edit with each key that leaves it valid; several keys in one field are one step of undo. Names, keys and
//! places, where half a word means something else, are written when the field is left.

mod advanced;
mod dependencies;
mod environment;
mod general;
mod health;
mod live_field;
mod many;
mod networks;
mod ports;
mod row;
mod service;
mod stack_panel;
mod volumes;
mod wire;

use leptos::prelude::*;

use self::{many::ManyPanel, service::ServicePanel, stack_panel::StackPanel, wire::WirePanel};
use super::notices::RefusalAt;
use crate::builder::{
    model::selection::Selection,
    state::session::{Spot, use_session},
};

#[component]
pub fn Inspector() -> impl IntoView {
    let session = use_session();
    view! {
        <aside id="inspector" class="inspector" aria-label="Inspector" tabindex="-1" data-testid="inspector">
            <RefusalAt spot=Spot::Inspector />
            {move || match session.selection.get() {
                Selection::Nothing => view! { <StackPanel /> }.into_any(),
                Selection::Wire { from, to } => view! { <WirePanel from to /> }.into_any(),
                Selection::Services(services) => {
                    match <[String; 1]>::try_from(services) {
                        Ok([name]) => view! { <ServicePanel name /> }.into_any(),
                        Err(services) => view! { <ManyPanel services /> }.into_any(),
                    }
                }
            }}
        </aside>
    }
}
