//! Authentication over REST. The methods are tried in this order, and the first one whose header is present decides:
//!
//! 1. agent (`X-Agent-Id`): for the routes of agents, which take [`AgentRequest`]; all other routes refuse it (403 for
//!    an agent, 401 for anything else)
//! 2. `Authorization: Bearer`: the JWT of a service is checked with the configured key, a local token (`stk_…`) with the
//!    database, any other token with the provider's `auth_url`
//! 3. the cookie `access_token`, used like such a bearer token; requests that change something must come from our own pages
//! 4. API client (`stacker-id`, `stacker-hash`): the body is read first, then its signature is checked with the client's secret
//!
//! Without any of these headers the request is anonymous. The layer [`authenticate`] only finds the caller; the extractor
//! [`Authenticated`] requires one. Pages and server functions use the session cookie instead: [`crate::web::session`].

mod agent_request;
mod authenticate;
mod authentication;
mod credentials;
mod extractor;
mod identity;
mod known_agent;
mod signed;

pub use agent_request::AgentRequest;
pub use authenticate::{authenticate, authenticate_agents};
pub(crate) use authentication::peer;
pub(crate) use credentials::{bearer_of, cookie_of};
pub use extractor::{Anybody, Authenticated, MaybeAuthenticated};
pub(crate) use identity::{Identity, credentials_error, identity};
