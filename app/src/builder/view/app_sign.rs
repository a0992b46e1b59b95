//! The sign of a service: its app's category, or a container.

use domain::catalog;
use leptos::prelude::*;

use crate::builder::state::session::Session;

/// A box: what everything is that the catalogue does not know.
const CONTAINER: &str = "M12 3l8 4.5v9L12 21l-8-4.5v-9zM4.2 7.6 12 12l7.8-4.4M12 12v9";

/// Decoration beside a name.
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

/// Path data for a service of the stack.
pub fn sign_of(session: Session, service: &str) -> Signal<&'static str> {
    let service = service.to_owned();
    Signal::derive(move || {
        session
            .read(|stack| {
                let service = stack.model().service(&service)?;
                catalog::app_of(stack, service).map(catalog::App::glyph)
            })
            .unwrap_or(CONTAINER)
    })
}
