//! The glyph of an app's category in the catalogue.

use domain::catalog::{Category, glyph};
use leptos::prelude::*;

/// A box, for images that are not in the catalogue.
const UNKNOWN: &str = "M12 3l8 4.5v9L12 21l-8-4.5v-9zM4.2 7.6 12 12l7.8-4.4M12 12v9";

/// Decorative: the name beside it carries the meaning.
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
