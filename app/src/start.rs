//! What is said when the page's code does not start or stops.

use leptos::prelude::*;

/// Found by the start script in `shell.rs` when loading fails, and by the panic hook.
pub(crate) const START_FAILURE_ID: &str = "start-failure";

/// Hidden until something goes wrong; part of the page from the start, so that showing it needs no working code.
#[component]
pub(crate) fn StartFailure() -> impl IntoView {
    view! {
        <div id=START_FAILURE_ID role="alert" hidden class="start-failure">
            <p>
                "The interactive part of this page is not running. What was saved is safe. "
                <a href="" rel="external" class="underline">"Reload the page"</a>
            </p>
        </div>
    }
}

/// For the panic hook: plain DOM calls, because nothing else can be trusted then.
#[cfg(feature = "hydrate")]
pub fn show_start_failure() {
    if let Some(notice) = document().get_element_by_id(START_FAILURE_ID) {
        // A notice that cannot be shown is no reason to fail again.
        drop(notice.remove_attribute("hidden"));
    }
}
