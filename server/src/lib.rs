//! The server: transports and wiring. What it does is in `stacker` (use cases) and `domain` (rules).
//!
//! - [`app`] puts everything together: `Application::build(…)`, `port()`, `run_until_stopped(…)`
//! - [`rest`] is the REST API, [`openapi`] its description
//! - [`agent`] is what agents call: register, wait, report
//! - [`web`] is what browsers see: pages, server functions, sign-in, static files
//! - [`local_agent`] runs the agent of this machine
//! - [`auth`] finds out who asks over REST
//! - [`middleware`] are the layers around them, and their order

// The app's views are one deep type, which is instantiated here.
#![recursion_limit = "512"]

pub mod agent;
pub mod app;
pub mod auth;
pub mod banner;
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
