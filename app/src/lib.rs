//! What the user sees: pages, the Stack Builder, and the server functions they speak through.
//!
//! Compiled twice: for the server (`ssr`), which renders the first paint of every page, and for the browser (`hydrate`),
//! which takes that page over. Both must render the same tree: nothing in a view may depend on clock, randomness, `window`
//! or a `cfg`; such things are read in an `Effect` after the take-over.
//!
//! - [`pages`]: one file per route
//! - [`builder`]: the Stack Builder
//! - [`deployment`]: stacks on hosts: plans, progress, services, logs, history
//! - [`components`]: what pages are drawn with; no data loading
//! - [`rpc`]: server functions, one file per area
//!
//! A new page: a file in `pages/` and one line in `routes.rs`.
#![recursion_limit = "256"]

pub mod builder;
pub mod components;
pub mod deployment;
pub mod notice;
pub mod pages;
pub mod rpc;
pub mod theme;

mod browser;
mod page_title;
mod routes;
#[cfg(feature = "ssr")]
mod shell;
mod start;

pub use routes::App;
#[cfg(feature = "ssr")]
pub use shell::shell;
#[cfg(feature = "hydrate")]
pub use start::show_start_failure;
