//! The icon of a service: that of its app, or a box.

use domain::catalog;
use leptos::prelude::*;

use crate::builder::state::session::Session;

/// A box, for services that are not in the catalogue.
const CONTAINER: &str = "M12 3l8 4.5v9L12 21l-8-4.5v-9zM4.2 7.6 12 12l7.8-4.4M12 12v9";

/// Decorative: the name beside it carries the meaning.
#[component]
pub fn AppSign(#[prop(into)] path: Signal<&'static str>, #[prop(default = 20)] size: u16) -> impl IntoView {
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
            <path d=move || path.get() />
        </svg>
    }
}

/// The `d` attribute of the path for a service of the stack.
pub fn sign_of(session: Session, service: &str) -> Signal<&'static str> {
    let service = service.to_owned();
    Signal::derive(move || {
        session
            .document
            .read(|stack| {
                let service = stack.model().service(&service)?;
                catalog::app_of(stack, service).map(catalog::App::glyph)
            })
            .unwrap_or(CONTAINER)
    })
}
