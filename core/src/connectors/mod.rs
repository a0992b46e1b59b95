//! The neighbours: each a trait, a real client and a fake for tests.

pub mod http_client;
pub mod oauth;
pub mod vault;
