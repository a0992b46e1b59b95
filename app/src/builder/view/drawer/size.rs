//! The height of the drawer: dragged, changed by arrow keys, and remembered in this browser.

use leptos::{
    ev::{KeyboardEvent, PointerEvent},
    prelude::*,
};
use wasm_bindgen::JsCast;
use web_sys::Element;

use crate::browser;

const KEY: &str = "stacker-drawer";
const FIRST: f64 = 280.0;
const LOWEST: f64 = 120.0;
/// Height reserved for the canvas above.
const ABOVE: f64 = 200.0;

#[derive(Clone, Copy)]
pub struct DrawerSize {
    pub height: RwSignal<f64>,
    pub open: RwSignal<bool>,
}

/// Starts with the size that the server renders; the stored size is read after hydration.
pub fn remembered_size() -> DrawerSize {
    let size = DrawerSize { height: RwSignal::new(FIRST), open: RwSignal::new(true) };
    let looked = StoredValue::new(false);
    Effect::new(move |_| {
        let now = (size.height.get(), size.open.get());
        if !looked.get_value() {
            looked.set_value(true);
            if let Some((height, open)) = browser::remembered(KEY).as_deref().and_then(read) {
                size.height.set(clamped(height));
                size.open.set(open);
            }
            return;
        }
        browser::remember(KEY, &format!("{:.0} {}", now.0, if now.1 { "open" } else { "closed" }));
    });
    size
}

fn read(text: &str) -> Option<(f64, bool)> {
    let (height, open) = text.split_once(' ')?;
    Some((height.parse().ok()?, open == "open"))
}

fn clamped(height: f64) -> f64 {
    let window = window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or(800.0);
    height.clamp(LOWEST, (window - ABOVE).max(LOWEST))
}

#[component]
pub fn Grip(size: DrawerSize) -> impl IntoView {
    // Where the drag began, and the height of the drawer at that time.
    let start = StoredValue::new(None::<(f64, f64)>);
    let down = move |event: PointerEvent| {
        start.set_value(Some((event.client_y().into(), size.height.get_untracked())));
        if let Some(grip) = event.current_target().and_then(|grip| grip.dyn_into::<Element>().ok()) {
            drop(grip.set_pointer_capture(event.pointer_id()));
        }
    };
    let moved = move |event: PointerEvent| {
        if let Some((from, height)) = start.get_value() {
            size.open.set(true);
            size.height.set(clamped(height + from - f64::from(event.client_y())));
        }
    };
    let key = move |event: KeyboardEvent| {
        let by = match event.key().as_str() {
            "ArrowUp" => 20.0,
            "ArrowDown" => -20.0,
            _ => return,
        };
        event.prevent_default();
        size.height.update(|height| *height = clamped(*height + by));
    };
    view! {
        <div
            class="drawer-grip"
            role="separator"
            aria-orientation="horizontal"
            aria-label="Height of the compose file"
            aria-valuenow=move || format!("{:.0}", size.height.get())
            tabindex="0"
            data-testid="drawer-grip"
            on:pointerdown=down
            on:pointermove=moved
            on:pointerup=move |_| start.set_value(None)
            on:pointercancel=move |_| start.set_value(None)
            on:keydown=key
        ></div>
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn what_was_remembered_is_read_and_nonsense_is_not() {
        assert_eq!(read("320 open"), Some((320.0, true)));
        assert_eq!(read("200 closed"), Some((200.0, false)));
        assert_eq!(read("tall"), None);
    }
}
