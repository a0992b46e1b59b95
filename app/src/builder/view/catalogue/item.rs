//! One app of the catalogue.

use domain::catalog::App;
use leptos::{ev::PointerEvent, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::drag;
use crate::builder::{
    model::{geometry::Vec2, gesture::CLICK_DISTANCE},
    state::{actions, session::use_session},
    view::app_sign::AppSign,
};

fn place(event: &PointerEvent) -> Vec2 {
    Vec2::new(event.client_x().into(), event.client_y().into())
}

#[component]
pub fn CatalogueItem(app: &'static App) -> impl IntoView {
    let session = use_session();
    let pressed = StoredValue::new(None::<Vec2>);
    // A drag ends with a click on the item it began on. That click must not add the app a second time.
    let dragged = StoredValue::new(false);
    let down = move |event: PointerEvent| {
        if event.button() != 0 {
            return;
        }
        pressed.set_value(Some(place(&event)));
        dragged.set_value(false);
        if let Some(item) = event.current_target().and_then(|target| target.dyn_into::<Element>().ok()) {
            // Fails only if the pointer is no longer down.
            drop(item.set_pointer_capture(event.pointer_id()));
        }
    };
    let moved = move |event: PointerEvent| {
        let Some(start) = pressed.get_value() else { return };
        let at = place(&event);
        if dragged.get_value() || at.minus(start).length() > CLICK_DISTANCE {
            dragged.set_value(true);
            drag::carry(session, app, at);
        }
    };
    let up = move |event: PointerEvent| {
        if pressed.get_value().is_some() && dragged.get_value() {
            drag::drop_app(session, app, place(&event));
        }
        pressed.set_value(None);
    };
    let cancelled = move |_: PointerEvent| {
        pressed.set_value(None);
        session.view_port.carried.set(None);
    };
    let clicked = move |_| {
        if !dragged.get_value() {
            actions::add_app(session, app, None);
        }
        dragged.set_value(false);
    };
    view! {
        <li>
            <button
                type="button"
                class="catalogue-item"
                data-testid=format!("catalogue-item-{}", app.code)
                title=app.description.clone()
                on:pointerdown=down
                on:pointermove=moved
                on:pointerup=up
                on:pointercancel=cancelled
                on:click=clicked
            >
                <span class="text-muted">
                    <AppSign path=app.glyph() />
                </span>
                <span class="min-w-0">
                    <span class="block truncate font-medium">{app.name.clone()}</span>
                    <span class="block truncate text-caption text-muted">{app.description.clone()}</span>
                </span>
            </button>
        </li>
    }
}
