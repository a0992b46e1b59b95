//! `POST /sign-out`: ends the session on the server, then in the browser.

use app::notice::Notice;
use axum::{
    extract::State,
    response::{IntoResponse, Redirect},
};
use axum_extra::extract::CookieJar;

use super::session;
use crate::{rest::ApiError, state::AppState};

pub async fn sign_out(State(state): State<AppState>, jar: CookieJar) -> Result<impl IntoResponse, ApiError> {
    if let Some(token) = session::token(&state.origin, &jar) {
        state.services.sessions().end(&token).await.map_err(|error| ApiError::internal(&error))?;
    }
    Ok((jar.add(session::removal(&state.origin)), Redirect::to(&Notice::SignedOut.on("/sign-in"))))
}
