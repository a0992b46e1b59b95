//! Layers around the routers, one per file. A request passes them in this order:
//!
//! 1. [`client_address`]: the client behind a proxy, for every layer that needs it
//! 2. [`refusals`]: around all the work of a refusal, including its log line
//! 3. [`request_id`]: everything after it carries the id, log lines and responses alike
//! 4. [`trace`]: one log line per request, so it must see the response of every other layer
//! 5. [`security_headers`]: on every response, including those of the layers below
//! 6. [`catch_panic`]: inside the three above, so that the response to a panic has an id, a log line and security headers;
//!    inside it, [`nul`] for every address, and [`csrf`] for every path that looks like a server function, whether a route exists
//!    or not
//!
//! and then, per router:
//!
//! 7. [`cors`]: on REST where origins are configured, before any check that a preflight request would fail
//! 8. [`timeout`]: covers authentication and the body too
//! 9. compression (tower-http's, on pages and REST; assets are compressed when they are built)
//! 10. [`body_limit`]: answers from `Content-Length` before a byte of the body is read
//! 11. [`rate_limit::by_address`]: before finding the caller costs a query; not around static files and agents
//! 12. [`csrf`]: before anything is looked up on behalf of a cookie; around forms and server functions, [`nul`] for their bodies
//! 13. authentication ([`crate::auth`]): late, so that what is refused above costs no query
//! 14. [`rate_limit::by_caller`]: once the caller is known
//! 15. [`policy`]: last, because it needs the caller and the route

pub mod body_limit;
pub mod catch_panic;
pub mod client_address;
pub mod cors;
pub mod csp;
pub mod csrf;
mod forwarded_for;
pub mod nul;
pub mod policy;
pub mod rate_limit;
pub mod refusals;
pub mod request_id;
mod same_origin;
pub mod security_headers;
pub mod timeout;
pub mod trace;
