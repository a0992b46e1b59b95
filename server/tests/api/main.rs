//! Tests of the server over its real port, on a real PostgreSQL (`DATABASE_URL`; `scripts/with-test-postgres.sh` starts one).
//!
//! One module per area; `helpers` starts a server with a database of its own for every test.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod helpers;

mod access;
mod access_table;
mod account_limits;
mod agents;
mod agreements;
mod audit;
mod backups;
mod callbacks;
mod conditional_writes;
mod cross_origin;
mod cross_site;
mod deployment_status;
mod deployments;
mod download;
mod errors;
mod forms;
mod health;
mod hostile_text;
mod images;
mod import_and_edits;
mod indistinguishable;
mod kept_values;
mod openapi;
mod ownership;
mod plans;
mod policy;
mod processes;
mod project_events;
mod projects;
mod provider;
mod provider_sign_in;
mod rate_limits;
mod ratings;
mod security_headers;
mod service_jwt;
mod shared_pages;
mod sharing;
mod sign_in;
mod start;
mod static_files;
mod who_is_asking;
mod who_may_do_what;
