//! The crate `app`: everything the user sees in the browser. Pages, the Stack Builder, and the server functions through
//! which they call use cases.
//!
//! It is compiled twice: for the server (`ssr`), which renders the first response of every page, and for the browser
//! (`hydrate`), which takes that page over. Both must render the same tree, so nothing in a view depends on the clock,
//! on randomness, on `window` or on a `cfg`. Such values are read in an `Effect`, which runs after hydration.
//!
//! What it must not know:
//! - SQL and external services: they belong to the crate `stacker`, which pages reach through server functions only.
//! - The REST API: its routes, bodies and statuses belong to the crate `server`.
//! - tokio, sqlx or axum in the browser: the feature `hydrate` does not depend on them.
//!
//! Start reading at `routes.rs`, then take one page and follow it: `pages/hosts/mod.rs` loads its data through
//! `rpc/hosts.rs` and draws it with `components/`.
//!
//! - [`pages`]: one file or folder per route
//! - [`builder`]: the Stack Builder
//! - [`deployment`]: stacks on hosts: live state, plans, history, drift, logs
//! - [`components`]: the design system; no data loading
//! - [`rpc`]: server functions, one file per area
//! - `event_source`: server-sent events, for every page that shows changes as they happen
//! - `layout`: what surrounds every page
//! - `docs`: the REST API and the check rules as pages (server only)
//!
//! To add a page, add a file to `pages/` and a line to `routes.rs`.
#![recursion_limit = "256"]

pub mod builder;
pub mod components;
pub mod deployment;
#[cfg(feature = "ssr")]
pub mod docs;
pub mod notice;
pub mod pages;
pub mod rpc;
pub mod theme;

mod browser;
mod cookie;
mod event_source;
mod layout;
mod routes;
#[cfg(feature = "ssr")]
mod shell;

#[cfg(feature = "hydrate")]
pub use layout::show_start_failure;
pub use routes::App;
#[cfg(feature = "ssr")]
pub use shell::shell;
