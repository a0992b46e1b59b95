//! The server: transports and wiring. It turns requests into calls of use cases, and their results into responses.
//!
//! It must not know SQL or business rules: use cases are in `stacker`, rules in `domain`, pages in `app`. A handler
//! authenticates, calls one use case and maps the result; an `if` about anything else does not belong here.
//!
//! Start reading at [`routes`], which lists the groups of routes and the layers around each, then open one endpoint in [`rest`].
//!
//! - [`app`] is the composition root: `Application::build(…)`, `port()`, `run_until_stopped(…)`
//! - [`http`] is what all transports share: answers, errors, bodies, paths, queries
//! - [`rest`] is the REST API, [`openapi`] its description, `docs` the pages that show it and the check rules
//! - [`agent`] is what agents call: register, wait, report
//! - [`web`] is what browsers use: pages, server functions, sign-in, static files
//! - [`consumers`] receive messages from the message broker
//! - [`auth`] finds the caller of a REST request
//! - [`middleware`] holds the layers around the routers, and explains their order
//! - [`local_agent`] runs the agent of this machine

// The type of the app's views nests deeply, and this crate instantiates it.
#![recursion_limit = "512"]

pub mod agent;
pub mod app;
pub mod auth;
pub mod banner;
pub mod consumers;
mod docs;
pub mod http;
pub mod local_agent;
pub mod middleware;

pub mod openapi;
pub mod rest;
pub mod routes;
pub mod serve;
pub mod shutdown;
pub mod state;
pub mod web;
