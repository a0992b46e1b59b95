//! The application library of Stacker: use cases, storage and external services.
//!
//! It must not know an HTTP server, Leptos or the browser: the crates `server` and `app` call it, never the reverse.
//!
//! Start reading at [`services::Services`], which leads to every use case. Follow one from there, for instance
//! `services/projects/compose.rs`, to its queries in [`db`].
//!
//! - [`services`]: the use cases by area; every transport calls them and nothing else
//! - [`db`]: the only place with SQL
//! - [`dispatch`]: wakes agents and pages that wait; [`jobs`]: what runs without a request
//! - [`outbox`]: messages for external services, written in the transaction of a use case and delivered afterwards
//! - [`authz`]: the casbin rules around REST
//! - [`config`]: `configuration.yaml`, one file per section
//! - [`connectors`]: external services, each with a trait, a real client and a fake for tests
//! - [`embedded_postgres`]: the private cluster, used if no database is configured; [`database`]: the database in use
//! - [`backup`]: saves database and key ring to one file, and restores them
//! - [`crypto`]: seals, hashes and compares secrets
//! - [`context`]: time, randomness and ids
//! - [`local_operator`]: the user of a server without a sign-in provider
//! - [`helpers`]: a client for programs that talk to a server as an agent
//! - [`telemetry`]: sets up the logs

pub mod authz;
pub mod backup;
pub mod config;
pub mod connectors;
pub mod context;
pub mod crypto;
pub mod database;
pub mod db;
pub mod dispatch;
pub mod embedded_postgres;
pub mod helpers;
pub mod jobs;
pub mod local_operator;
pub mod outbox;
pub mod services;
pub mod telemetry;
