//! The sign of an app's category, from the catalogue.

use domain::catalog::{Category, glyph};
use leptos::prelude::*;

/// A box: an image the catalogue does not know.
const UNKNOWN: &str = "M12 3l8 4.5v9L12 21l-8-4.5v-9zM4.2 7.6 12 12l7.8-4.4M12 12v9";

/// Decoration beside a name.
#[component]
pub fn Glyph(category: Option<Category>, #[prop(default = 20)] size: u16) -> impl IntoView {
    view! {
        <svg
            viewBox="0 0 24 24"
            width=size
            height=size
            fill="none"
            stroke="currentColor"
            stroke-width="1.6"
            stroke-linecap="round"
            stroke-linejoin="round"
            aria-hidden="true"
            class="shrink-0"
        >
            <path d=category.map_or(UNKNOWN, glyph) />
        </svg>
    }
}
