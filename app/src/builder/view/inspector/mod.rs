//! The inspector, right of the canvas: forms for the selected service, services or wire, or for the whole stack.
//!
//! A field applies an edit after each keystroke that leaves its value valid; several keystrokes in one field are one undo step.
//! Names, keys and paths are applied when the field is left, because half a word would mean something else.

mod advanced;
mod dependencies;
mod general;
mod health;
mod image;
mod live_field;
mod many;
mod networks;
mod pairs;
mod ports;
mod resources;
mod row;
mod service;
mod stack_panel;
mod tag_picker;
mod values;
mod volumes;
mod wire;

use leptos::prelude::*;

use self::{many::ManyPanel, service::ServicePanel, stack_panel::StackPanel, wire::WirePanel};
use super::notices::RefusalAt;
use crate::builder::{
    model::selection::Selection,
    state::{notices::Spot, session::use_session},
};

#[component]
pub fn Inspector() -> impl IntoView {
    let session = use_session();
    view! {
        <aside
            id="inspector"
            class="inspector"
            class:inspector-idle=move || session.selection.now.with(|selection| *selection == Selection::Nothing)
            aria-label="Inspector"
            tabindex="-1"
            data-testid="inspector"
        >
            <RefusalAt spot=Spot::Inspector />
            {move || match session.selection.now.get() {
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
