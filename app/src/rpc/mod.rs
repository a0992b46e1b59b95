//! Server functions: the requests that pages make, one file per area.
//!
//! Each function authenticates ([`caller`]), calls one use case and maps the error; anything more belongs in the use case.
//! Every function is a public endpoint under `/rpc` with a fixed URL, and changes are `POST` only. What a function returns
//! is written into the page, so it returns view models, never database rows.

pub mod agreements;
pub mod audit;
pub mod callbacks;
pub mod clouds;
pub mod credentials;
pub mod deployments;
mod error;
#[cfg(feature = "ssr")]
mod failure;
pub mod hosts;
pub mod images;
mod keep_fresh;
pub mod projects;
pub mod ratings;
pub mod rules;
pub mod session;
pub mod sharing;

pub use error::RpcError;
pub(crate) use keep_fresh::keep_fresh;

#[cfg(feature = "ssr")]
pub use context::{CurrentCaller, CurrentSession};
#[cfg(feature = "ssr")]
pub(crate) use context::{caller, current_session, services};

/// Endpoints that work without a session. All others answer 401; a test of the server checks each of them.
pub const OPEN_ENDPOINTS: [&str; 1] = ["/rpc/session/way-in"];

#[cfg(feature = "ssr")]
mod context {
    use axum::http::request::Parts;
    use domain::access::Caller;
    use leptos::prelude::use_context;
    use stacker::services::{Services, SessionToken};

    use super::RpcError;

    /// The authenticated caller. The server adds it to the extensions of every request for a page or a server function.
    #[derive(Clone, Debug, Default)]
    pub struct CurrentCaller(pub Option<Caller>);

    /// The session token in the request's cookie, valid or not.
    #[derive(Clone, Debug)]
    pub struct CurrentSession(pub SessionToken);

    /// The session of a request that has a caller.
    pub(crate) fn current_session() -> SessionToken {
        use_context::<Parts>()
            .and_then(|parts| parts.extensions.get::<CurrentSession>().cloned())
            .map(|current| current.0)
            .unwrap_or_default()
    }

    pub(crate) fn caller() -> Result<Caller, RpcError> {
        use_context::<Parts>()
            .and_then(|parts| parts.extensions.get::<CurrentCaller>().cloned())
            .and_then(|current| current.0)
            .ok_or(RpcError::SignedOut)
            .map_err(RpcError::with_status)
    }

    pub(crate) fn services() -> Result<Services, RpcError> {
        use_context::<Services>().ok_or_else(|| {
            tracing::error!("services were not provided to the app");
            RpcError::Internal.with_status()
        })
    }
}
