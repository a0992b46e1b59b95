//! Credentials of users and programs: browser sessions, one-time links, access tokens and API clients.

pub(crate) mod access_tokens;
pub(crate) mod clients;
pub(crate) mod login_links;
pub(crate) mod sessions;
