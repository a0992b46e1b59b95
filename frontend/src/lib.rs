//! Starts the app in the browser; everything else is in the crate `app`.

// The views of the builder are types within types; optimised builds lay them out here.
#![recursion_limit = "512"]

use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the start script of every page, once the page's server-rendered body is there.
#[wasm_bindgen]
pub fn hydrate() {
    std::panic::set_hook(Box::new(|panic| {
        console_error_panic_hook::hook(panic);
        app::show_start_failure();
    }));
    leptos::mount::hydrate_body(app::App);
    mark_hydrated();
}

/// Says that the page answers now: browser tests wait for it before they click.
fn mark_hydrated() {
    if let Some(root) = leptos::prelude::document().document_element() {
        // Only tests look at it.
        drop(root.set_attribute("data-hydrated", ""));
    }
}
