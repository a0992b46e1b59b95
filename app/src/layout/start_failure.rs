//! The notice for a page whose code did not start or has crashed.

use leptos::prelude::*;

/// Used by the start script in `shell.rs` when loading fails, and by the panic hook.
pub(crate) const START_FAILURE_ID: &str = "start-failure";

/// Part of every page but hidden, so that showing it needs no working application code.
#[component]
pub(crate) fn StartFailure() -> impl IntoView {
    view! {
        <div id=START_FAILURE_ID role="alert" hidden class="start-failure">
            <p>
                "The interactive part of this page could not start. Saved work is safe. "
                <a href="" rel="external" class="underline">"Reload the page"</a>
            </p>
        </div>
    }
}

/// For the panic hook. Uses plain DOM calls, because the application's own state cannot be trusted after a panic.
#[cfg(feature = "hydrate")]
pub fn show_start_failure() {
    if let Some(notice) = document().get_element_by_id(START_FAILURE_ID) {
        // Failing to show the notice must not cause a second panic.
        drop(notice.remove_attribute("hidden"));
    }
}
