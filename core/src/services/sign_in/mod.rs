//! How people and services prove who they are, other than by access token or API client.
//!
//! - [`one_time_link`]: the local operator, where no provider is configured
//! - [`provider`]: at a sign-in provider, with a browser
//! - [`sessions`]: what a browser holds afterwards
//! - [`service_jwt`]: services that sign a JWT

pub mod one_time_link;
pub mod provider;
pub mod service_jwt;
pub mod sessions;
