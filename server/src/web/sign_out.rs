//! `POST /sign-out` ends the session, first on the server. `POST /sign-out/everywhere` ends all sessions of this person.

use app::{notice::Notice, rpc::CurrentCaller};
use axum::{
    Extension,
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Redirect},
};
use axum_extra::extract::CookieJar;

use super::session;
use crate::{http::ApiError, middleware::client_address::ClientAddress, state::AppState};

pub async fn sign_out(
    State(state): State<AppState>,
    ClientAddress(address): ClientAddress,
    jar: CookieJar,
    headers: HeaderMap,
) -> Result<impl IntoResponse, ApiError> {
    session::end_current(&state, &headers, address).await?;
    Ok((jar.add(session::removal(&state.origin)), Redirect::to(&Notice::SignedOut.on("/sign-in"))))
}

pub async fn everywhere(
    State(state): State<AppState>,
    Extension(CurrentCaller(caller)): Extension<CurrentCaller>,
    jar: CookieJar,
) -> Result<impl IntoResponse, ApiError> {
    if let Some(caller) = caller {
        state.services.sessions().end_all(&caller).await.map_err(|error| ApiError::internal(&error))?;
    }
    Ok((jar.add(session::removal(&state.origin)), Redirect::to(&Notice::SignedOutEverywhere.on("/sign-in"))))
}
