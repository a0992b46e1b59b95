//! External services, one folder each with a trait, a real client and a fake for tests.
//!
//! To add one, add a folder and a section in [`crate::config`].

pub mod http_client;
pub mod oauth;
pub mod vault;
