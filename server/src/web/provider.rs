//! `GET /sign-in/provider` (authorize) and `GET /sign-in/callback`: to the sign-in provider and back.
//!
//! Both are plain links: under our content security policy browsers refuse a form whose response redirects to another host.
//! Authorize only sets a cookie; the callback is accepted only with that cookie.

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
use stacker::services::{AUTHORIZATION_LIFETIME, CallbackQuery, ProviderSignInError};

use super::{pages::wants_html, private_cookie::PrivateCookie, session, sign_in::noticed};
use crate::{auth::peer, http::ApiError, middleware::rate_limit::too_many_attempts, state::AppState};

/// The sealed state that the browser must bring back from the provider.
const SIGN_IN_STATE: PrivateCookie = PrivateCookie {
    over_https: "__Host-stacker_departure",
    over_http: "stacker_departure",
    lifetime: AUTHORIZATION_LIFETIME,
};

pub fn router() -> Router<AppState> {
    Router::new().route("/sign-in/provider", get(authorize)).route("/sign-in/callback", get(callback))
}

#[derive(Deserialize)]
struct AuthorizeQuery {
    /// The page that the browser asked for.
    next: Option<String>,
    /// Present when the person chose to continue although the provider does not answer.
    anyway: Option<String>,
}

async fn authorize(
    State(state): State<AppState>,
    jar: CookieJar,
    Query(AuthorizeQuery { next, anyway }): Query<AuthorizeQuery>,
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
        Some(_) => provider.authorize(&return_to, next).await,
        None => provider.authorize_if_it_answers(&return_to, next).await,
    };
    match left {
        Ok((url, kept)) => {
            (jar.add(SIGN_IN_STATE.of(&state.origin, kept)), Redirect::to(url.as_str())).into_response()
        }
        // The sign-in page offers to try again or to continue anyway, and remembers the page that the browser asked for.
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

async fn callback(
    State(state): State<AppState>,
    jar: CookieJar,
    Query(returned): Query<CallbackQuery>,
    request: Request,
) -> Response {
    let Some(provider) = state.services.provider_sign_in() else {
        return ApiError::not_found().into_response();
    };
    // Failures are limited strictly, sign-ins loosely: many people can share one address.
    let (address, for_browser) = (peer(&request), wants_html(request.headers()));
    let guessing = state.rates.still_guessing(address).map_err(too_many_attempts);
    if let Err(refusal) = guessing.and_then(|()| state.rates.provider_sign_in(address)) {
        return too_many(for_browser, refusal);
    }
    let kept = SIGN_IN_STATE.value(&state.origin, request.headers());
    // The state can be used only once, whether the sign-in succeeds or not.
    let jar = jar.add(SIGN_IN_STATE.removal(&state.origin));
    let browser = session::browser(&request);
    let return_to = state.origin.sign_in_return();
    match provider.callback(&return_to, kept.as_deref(), returned, &browser).await {
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

/// A browser gets a notice on the sign-in page, a program gets the envelope.
fn too_many(for_browser: bool, refusal: ApiError) -> Response {
    if for_browser { noticed(Notice::TooManyAttempts) } else { refusal.into_response() }
}
