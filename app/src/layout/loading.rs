//! Shown in place of a page whose data is not loaded yet.

use leptos::prelude::*;

/// Seen only when coming from another page of the app: the first response for a URL already contains the data.
#[component]
pub(crate) fn Loading(
    /// "Loading your hosts…"
    text: &'static str,
    /// The same maximum width as the page, so that nothing jumps.
    #[prop(default = "max-w-5xl")]
    width: &'static str,
) -> impl IntoView {
    view! {
        <main id="main" tabindex="-1" class=format!("mx-auto w-full {width} px-4 py-6 text-muted") aria-busy="true">
            {text}
        </main>
    }
}
