//! External services: one folder for each, with a trait, a real client and a fake for tests.
//!
//! To add a service, add a folder here and a section in [`crate::config`].

pub mod broker;
pub mod callback;
pub mod cloud_api;
pub mod docker_hub;
pub mod http_client;
pub mod marketplace_webhook;
pub mod oauth;
pub mod outbound;
pub mod registry;
pub mod user_service;
pub mod vault;
