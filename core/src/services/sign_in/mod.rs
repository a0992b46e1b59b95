//! How people and services prove who they are, other than by access token or API client.
//!
//! - [`one_time_link`]: sign-in of the local operator, if no provider is configured
//! - [`provider`]: sign-in at a provider, with a browser
//! - [`sessions`]: the sessions of signed-in browsers
//! - [`service_jwt`]: services that sign a JWT

pub mod one_time_link;
pub mod provider;
pub mod service_jwt;
pub mod sessions;
