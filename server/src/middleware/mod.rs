//! Layers around the routers, one per file. A request passes them in this order:
//!
//! 1. [`client_address`]: who is behind a proxy, for everything that asks
//! 2. [`refusals`]: around all that a refusal takes, its log line included
//! 3. [`request_id`]: everything after it, log lines and answers alike, carries the id
//! 4. [`trace`]: one line per request, so it must see what every other layer answered
//! 5. [`security_headers`]: on every answer, those of the layers below included
//! 6. [`catch_panic`]: inside the three above, so that a panic has an id, a line and its headers
//!    and [`csrf`] for whatever looks like a server function, whether there is a route for it or not
//!
//! and then, per router:
//!
//! 7. [`cors`]: on REST where origins are configured, before anything is asked of a pre-flight request
//! 8. [`timeout`]: covers authentication and the body too
//! 9. compression (tower-http's, on pages and REST; assets are compressed when they are built)
//! 10. [`body_limit`]: answers from `Content-Length` before a byte of the body is read
//! 11. [`rate_limit::by_address`]: before it costs a query to find out who asks; not around static files and agents
//! 12. [`csrf`]: before anything is looked up on behalf of a cookie
//! 13. authentication ([`crate::auth`]): late, so that what is refused above costs no query
//! 14. [`rate_limit::by_caller`]: once it is known who asks
//! 15. [`policy`]: last, because it asks about who it is and which route

pub mod body_limit;
pub mod catch_panic;
pub mod client_address;
pub mod cors;
pub mod csp;
pub mod csrf;
mod forwarded_for;
pub mod policy;
pub mod rate_limit;
pub mod refusals;
pub mod request_id;
mod same_origin;
pub mod security_headers;
pub mod timeout;
pub mod trace;
