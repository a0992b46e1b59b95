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

use super::{pages::wants_html, private_cookie::PrivateCookie, session, sign_in::noticed};
use crate::{auth::peer, http::ApiError, middleware::rate_limit::too_many_attempts, state::AppState};

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
    /// Whatever it is: the person has read that the provider does not answer.
    anyway: Option<String>,
}

async fn depart(
    State(state): State<AppState>,
    jar: CookieJar,
    Query(Departing { next, anyway }): Query<Departing>,
    request: Request,
) -> Response {
    let Some(provider) = state.services.provider_sign_in() else {
        return ApiError::not_found().into_response();
    };
    if let Err(refusal) = state.rates.provider_sign_in(peer(&request)) {
        return too_many(wants_html(request.headers()), refusal);
    }
    let (return_to, next) = (state.origin.sign_in_return(), next.as_deref());
    let left = match anyway {
        Some(_) => provider.depart(&return_to, next).await,
        None => provider.depart_if_it_answers(&return_to, next).await,
    };
    match left {
        Ok((url, kept)) => {
            (jar.add(DEPARTURE.of(&state.origin, kept)), Redirect::to(url.as_str())).into_response()
        }
        // From there one may try again, or go anyway, and end where one wanted to be.
        Err(ProviderSignInError::Unavailable) => unavailable(next).into_response(),
        Err(error) => refused(error),
    }
}

fn unavailable(next: Option<&str>) -> Redirect {
    let mut page = Notice::ProviderUnavailable.on("/sign-in");
    if let Some(next) = next {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        page = format!("{page}&{}", query.append_pair("next", next).finish());
    }
    Redirect::to(&page)
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
    // What is wrong is limited strictly, and who signs in loosely: many may come from one address.
    let (address, for_browser) = (peer(&request), wants_html(request.headers()));
    let guessing = state.rates.still_guessing(address).map_err(too_many_attempts);
    if let Err(refusal) = guessing.and_then(|()| state.rates.provider_sign_in(address)) {
        return too_many(for_browser, refusal);
    }
    let kept = DEPARTURE.value(&state.origin, request.headers());
    // It has served, whatever comes of it.
    let jar = jar.add(DEPARTURE.removal(&state.origin));
    let browser = session::browser(&request);
    let return_to = state.origin.sign_in_return();
    match provider.arrive(&return_to, kept.as_deref(), returned, &browser).await {
        Ok(arrived) => {
            if let Err(error) = session::end_current(&state, request.headers(), address).await {
                return error.into_response();
            }
            let jar = jar.add(session::cookie(&state.origin, arrived.token.expose_secret().to_owned()));
            (jar, Redirect::to(&arrived.next)).into_response()
        }
        Err(error) => {
            let is_wrong = matches!(error, ProviderSignInError::Expired | ProviderSignInError::Refused);
            if is_wrong && let Err(standing) = state.rates.bad_bearer(address) {
                let refusal = too_many(for_browser, too_many_attempts(standing));
                return (jar, refusal).into_response();
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

/// A browser reads it on the sign-in page.
fn too_many(for_browser: bool, refusal: ApiError) -> Response {
    if for_browser { noticed(Notice::TooManyAttempts) } else { refusal.into_response() }
}
