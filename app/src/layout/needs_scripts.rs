//! What a page says when scripts are switched off, and while the code is loading.

use leptos::prelude::*;

/// For pages with parts that no plain form can replace.
///
/// `text` has no markup: a browser with scripts reads the content of `noscript` as one text, and so does hydration.
#[component]
pub(crate) fn NeedsScripts(text: &'static str) -> impl IntoView {
    view! { <noscript class="needs-scripts">{text}</noscript> }
}

/// Shown by the style sheet until `<html data-hydrated>` is set.
#[component]
pub(crate) fn Starting() -> impl IntoView {
    view! {
        <span class="starting" role="status">
            "Starting…"
        </span>
    }
}
