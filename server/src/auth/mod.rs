//! Who is asking, over REST. Methods are tried in this order, and the first whose header is there decides:
//!
//! 1. agent (`X-Agent-Id`): for the routes of agents, which take [`AgentRequest`]; refused on all others (403
//!    when it is an agent, 401 when it is none)
//! 2. `Authorization: Bearer`: the JWT of a service by the configured key, a local token (`stk_…`) by the database, any other by
//!    the provider's `auth_url`
//! 3. the cookie `access_token`, used as such a bearer; requests that change something must come from our own pages
//! 4. API client (`stacker-id`, `stacker-hash`): the body is read first and signed by the client's secret
//!
//! Without any of them the request is anonymous. [`authenticate`] only finds out; the extractor [`Authenticated`] is
//! what insists. Pages and server functions have the session cookie instead: [`crate::web::session`].

mod agent;
mod authenticate;
mod credentials;
mod extractor;
mod signed;
mod subject;

pub use agent::AgentRequest;
pub(crate) use authenticate::peer;
pub use authenticate::{authenticate, authenticate_agents};
pub(crate) use credentials::{bearer_of, cookie_of};
pub use extractor::{Anybody, Authenticated, MaybeAuthenticated};
pub(crate) use subject::{Asking, Subject, asking, refusal, subject};
