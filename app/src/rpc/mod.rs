//! Server functions: what pages ask the server for.
//!
//! One file per area. Each function authenticates ([`caller`]), calls one use case and maps the error; anything more belongs
//! in the use case. Every function is a public endpoint under `/rpc` with a fixed address, changes are `POST` only, and what
//! it returns is written into the page: view models, never rows.

pub mod access;
pub mod account;
pub mod audit;
pub mod deployments;
mod error;
#[cfg(feature = "ssr")]
mod failure;
pub mod hosts;
pub mod projects;
pub mod rules;
pub mod session;
pub mod sharing;

pub use error::RpcError;

#[cfg(feature = "ssr")]
pub use context::{CurrentCaller, CurrentSession};
#[cfg(feature = "ssr")]
pub(crate) use context::{caller, current_session, services};

/// Endpoints that answer without a session. Everything else says 401; a test of the server walks the list.
pub const OPEN_ENDPOINTS: [&str; 1] = ["/rpc/session/way-in"];

#[cfg(feature = "ssr")]
mod context {
    use axum::http::request::Parts;
    use domain::access::Caller;
    use leptos::prelude::use_context;
    use stacker::services::{Services, SessionToken};

    use super::RpcError;

    /// Who asks, as the server's authentication found out. Put into the extensions of every request for a page or a
    /// server function.
    #[derive(Clone, Debug, Default)]
    pub struct CurrentCaller(pub Option<Caller>);

    /// What the cookie of the request holds, good or not.
    #[derive(Clone, Debug)]
    pub struct CurrentSession(pub SessionToken);

    /// Of a request that has a caller.
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
