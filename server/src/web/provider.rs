//! `GET /sign-in/provider` and `GET /sign-in/callback`: to the sign-in provider and back.
//!
//! Both are plain links: a form that is answered with a redirect to another host is refused by browsers under our policy.
//! Leaving changes nothing but a cookie; coming back is only heard with that cookie.

use app::notice::Notice;
use axum::{
    Router,
    extract::{Query, Request, State},
    response::{IntoResponse as _, Redirect, Response},
    routing::get,
};
use axum_extra::extract::cookie::CookieJar;
use secrecy::ExposeSecret as _;
use serde::Deserialize;
use stacker::services::{DEPARTURE_LIFETIME, ProviderSignInError, Returned};

use super::{private_cookie::PrivateCookie, session};
use crate::{auth::peer, rest::ApiError, state::AppState};

/// What a browser has to bring back from the provider, sealed.
const DEPARTURE: PrivateCookie = PrivateCookie {
    over_https: "__Host-stacker_departure",
    over_http: "stacker_departure",
    lifetime: DEPARTURE_LIFETIME,
};

pub fn router() -> Router<AppState> {
    Router::new().route("/sign-in/provider", get(depart)).route("/sign-in/callback", get(arrive))
}

#[derive(Deserialize)]
struct Departing {
    /// Where the browser wanted to be.
    next: Option<String>,
}

async fn depart(
    State(state): State<AppState>,
    jar: CookieJar,
    Query(Departing { next }): Query<Departing>,
) -> Response {
    let Some(provider) = state.services.provider_sign_in() else {
        return ApiError::not_found().into_response();
    };
    match provider.depart(&state.origin.sign_in_return(), next.as_deref()).await {
        Ok((url, kept)) => {
            (jar.add(DEPARTURE.of(&state.origin, kept)), Redirect::to(url.as_str())).into_response()
        }
        Err(error) => refused(error),
    }
}

async fn arrive(
    State(state): State<AppState>,
    jar: CookieJar,
    Query(returned): Query<Returned>,
    request: Request,
) -> Response {
    let Some(provider) = state.services.provider_sign_in() else {
        return ApiError::not_found().into_response();
    };
    // What is wrong is counted, and not who signs in: many may come from one address.
    let address = peer(&request);
    if state.attempts.still_guessing(address).is_err() {
        return noticed(Notice::TooManyAttempts);
    }
    let kept = DEPARTURE.value(&state.origin, &jar);
    // It has served, whatever comes of it.
    let jar = jar.add(DEPARTURE.removal(&state.origin));
    let browser = session::browser(&request);
    let return_to = state.origin.sign_in_return();
    match provider.arrive(&return_to, kept.as_deref(), returned, &browser).await {
        Ok(arrived) => {
            // A session that is there already ends: one browser, one session.
            if let Some(old) = session::token(&state.origin, &jar)
                && let Err(error) = state.services.sessions().end(&old).await
            {
                return ApiError::internal(&error).into_response();
            }
            let jar = jar.add(session::cookie(&state.origin, arrived.token.expose_secret().to_owned()));
            (jar, Redirect::to(&arrived.next)).into_response()
        }
        Err(error) => {
            let is_wrong = matches!(error, ProviderSignInError::Expired | ProviderSignInError::Refused);
            if is_wrong && state.attempts.bad_bearer(address).is_err() {
                return (jar, noticed(Notice::TooManyAttempts)).into_response();
            }
            (jar, refused(error)).into_response()
        }
    }
}

fn refused(error: ProviderSignInError) -> Response {
    noticed(match error {
        ProviderSignInError::Denied => Notice::SignInDenied,
        ProviderSignInError::Expired => Notice::SignInExpired,
        ProviderSignInError::Refused => Notice::SignInRefused,
        ProviderSignInError::Unavailable => Notice::ProviderUnavailable,
        ProviderSignInError::Internal(cause) => return ApiError::internal(&cause).into_response(),
    })
}

fn noticed(notice: Notice) -> Response {
    Redirect::to(&notice.on("/sign-in")).into_response()
}
