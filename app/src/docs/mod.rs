//! The pages below `/docs`: the REST API, and the rules that compose files are checked by. They need no script and no session. The
//! crate `server` owns their routes; this module only draws them.
//!
//! - `api`: the OpenAPI document as a page
//! - `rules`: the list of all codes, and a page for each
//! - `frame`: what surrounds them

pub mod api;
mod frame;
pub mod rules;
