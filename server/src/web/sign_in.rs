//! `POST /sign-in`: the button of the sign-in page. Redeems the code and starts a session.

use app::notice::Notice;
use axum::{
    extract::{Request, State},
    response::{IntoResponse as _, Redirect, Response},
};
use axum_extra::extract::CookieJar;
use secrecy::ExposeSecret as _;
use serde::Deserialize;

use super::{pages::wants_html, session};
use crate::{auth::peer, http::ApiError, state::AppState};

#[derive(Deserialize)]
struct SignIn {
    code: String,
}

pub async fn sign_in(
    State(state): State<AppState>,
    jar: CookieJar,
    request: Request,
) -> Result<Response, Response> {
    let address = peer(&request);
    if let Err(refusal) = state.rates.sign_in(address) {
        return Err(if wants_html(request.headers()) {
            noticed(Notice::TooManyAttempts)
        } else {
            refusal.into_response()
        });
    }
    let browser = session::browser(&request);
    let headers = request.headers().clone();
    let SignIn { code } = super::forms::read(request).await?;
    let services = &state.services;

    let Some(caller) = services.sign_in().consume(&code, &browser).await.map_err(internal)? else {
        return Ok(noticed(Notice::CodeInvalid));
    };
    let ended = session::end_current(&state, &headers, address).await;
    ended.map_err(|error| error.into_response())?;
    let token = services.sessions().start(&caller, &browser).await.map_err(internal)?;
    let cookie = session::cookie(&state.origin, token.expose_secret().to_owned());
    Ok((jar.add(cookie), Redirect::to("/")).into_response())
}

pub(super) fn noticed(notice: Notice) -> Response {
    Redirect::to(&notice.on("/sign-in")).into_response()
}

fn internal(error: impl std::fmt::Debug) -> Response {
    ApiError::internal(&error).into_response()
}
