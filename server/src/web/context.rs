//! What pages and server functions find in their Leptos context: the same for both, from one function.

use axum::http::request::Parts;
use leptos::{nonce::Nonce, prelude::*};

use crate::state::AppState;

pub fn provide_app_context(state: &AppState) {
    provide_context(state.services.clone());
    // Replaces the nonce Leptos made for itself by the one the header names.
    if let Some(nonce) = use_context::<Parts>().and_then(|parts| parts.extensions.get::<Nonce>().cloned()) {
        provide_context(nonce);
    }
}
