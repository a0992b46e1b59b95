//! The application library of Stacker: use cases, storage, neighbours. Knows no HTTP server and no page.
//!
//! - [`services`] holds the use cases by area; every transport calls them and nothing else
//! - [`db`] is the only place with SQL
//! - [`dispatch`] knows who waits for what, [`jobs`] what is done without being asked
//! - [`config`] is `configuration.yaml`, one file per section
//! - [`connectors`] are the neighbours: each a trait, a real client and, for tests, a fake
//! - [`embedded_postgres`] is the database of a machine where none is configured, [`database`] the one that is used
//! - [`backup`] is database and key ring in one file, and back
//! - [`crypto`] keeps secrets at rest and compares them
//! - [`helpers`] is for programs that speak to a server as an agent
//! - [`context`] is where time, randomness and ids come from
//! - [`telemetry`] sets up the logs

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
pub mod services;
pub mod telemetry;
