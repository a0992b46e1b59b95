//! What authentication found out about a request, as the layer stores it and the extractors read it.

use std::{net::IpAddr, sync::Arc};

use axum::{
    extract::Request,
    http::{HeaderValue, StatusCode, header},
};
use domain::access::Caller;
use stacker::services::JwtAuthError;

use crate::{
    http::ApiError,
    middleware::{client_address::address_of, csrf, rate_limit::Standing},
    state::AppState,
};

/// The caller of a request, if it names one. Shared, because extensions must be `Clone` and the result is not.
#[derive(Clone, Debug)]
pub(super) struct Authentication(pub Arc<Result<Option<Caller>, Failure>>);

/// Why a request that brings credentials has no caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// The credentials of an agent, which have not been looked up yet.
    Agent,
    Refused,
    /// The signature is right, but too old or used before.
    Stale,
    /// The JWT of a service, with a good signature, has expired.
    JwtExpired {
        exp: i64,
        now: i64,
    },
    TooManyAttempts(Standing),
    CrossSite,
    ProviderUnavailable,
    Internal,
}

impl From<Failure> for ApiError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Agent | Failure::Refused => Self::bad_credentials(),
            Failure::Stale => Self::bad_credentials().saying(
                "signature-stale",
                "the signed request is too old or was already received: sign it again with the current time and a new nonce",
            ),
            Failure::JwtExpired { exp, now } => Self::bad_credentials()
                .saying("jwt-expired", JwtAuthError::Expired { exp, now }.to_string()),
            Failure::TooManyAttempts(standing) => {
                standing.refusal("too-many-attempts", "too many unknown bearer tokens from your address")
            }
            Failure::CrossSite => csrf::refusal(),
            Failure::ProviderUnavailable => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "sign-in-provider-unavailable",
                "the sign-in provider does not answer; try again",
            )
            .with_header(header::RETRY_AFTER, HeaderValue::from_static("5")),
            Failure::Internal => Self::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "internal",
                "something failed on the server; its log has the details under this request's id",
            ),
        }
    }
}

/// The failure for credentials that do not hold: refused, or too many attempts when the address sent too many of them.
pub(super) fn refused(state: &AppState, address: IpAddr) -> Failure {
    state.rates.bad_bearer(address).map_or_else(Failure::TooManyAttempts, |()| Failure::Refused)
}

pub(crate) fn peer(request: &Request) -> IpAddr {
    address_of(request.extensions())
}
