//! The Leptos context, which is the same for pages and server functions.

use axum::http::request::Parts;
use leptos::{nonce::Nonce, prelude::*};

use crate::state::AppState;

pub fn provide_app_context(state: &AppState) {
    provide_context(state.services.clone());
    // Replaces the nonce that Leptos made with the one in the header.
    if let Some(nonce) = use_context::<Parts>().and_then(|parts| parts.extensions.get::<Nonce>().cloned()) {
        provide_context(nonce);
    }
}
