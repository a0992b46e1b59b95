//! Tests of the application library on a real PostgreSQL: `#[sqlx::test]` gives each test its own database. `DATABASE_URL` must
//! name a role that can create databases. The tests of the message broker need RabbitMQ:
//! `scripts/with-test-rabbitmq.sh scripts/with-test-postgres.sh cargo test -p stacker`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

mod agent_tokens;
mod agreements;
mod audit;
mod broker;
mod callbacks;
mod clients;
mod cloud_deployments;
mod clouds;
mod commands;
mod deployments;
mod embedded_postgres;
mod health;
mod helpers;
mod hosts;
mod images;
mod joining;
mod marketplace;
mod migrations;
mod policy;
mod pool;
mod projects;
mod provider_sign_in;
mod ratings;
mod sealing_keys;
mod sharing;
mod sign_in;
mod tokens;
