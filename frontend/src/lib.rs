//! The crate `frontend`: the WebAssembly module that starts the crate `app` in the browser, and nothing else.
//!
//! It must not contain views, state or requests. Those belong to `app`, which is also rendered on the server; code that is
//! only here would not be part of the first response. It depends on `app` with the feature `hydrate`, so no tokio, sqlx or
//! axum gets into the browser.
//!
//! Start reading at [`hydrate`], then go on in `app/src/lib.rs`.

// The builder's views are deeply nested types; optimised builds compute their layout in this crate.
#![recursion_limit = "512"]

use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the start script of every page (`app/src/shell.rs`) once the server-rendered body is in the document.
#[wasm_bindgen]
pub fn hydrate() {
    std::panic::set_hook(Box::new(|panic| {
        console_error_panic_hook::hook(panic);
        app::show_start_failure();
    }));
    leptos::mount::hydrate_body(app::App);
    mark_hydrated();
}

/// Marks the page as interactive. Until then, the style sheet shows which controls do not work yet; browser tests wait for it.
fn mark_hydrated() {
    if let Some(root) = leptos::prelude::document().document_element() {
        // Setting an attribute fails only for an invalid name.
        drop(root.set_attribute("data-hydrated", ""));
    }
}
