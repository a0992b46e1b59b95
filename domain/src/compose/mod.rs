//! Compose files: text in, model out, and changes to the text that touch nothing else.
//!
//! The format is the [Compose Specification](https://github.com/compose-spec/compose-spec/blob/main/spec.md).
//! To understand another key: give it a field in `model.rs`, read it in `service.rs`, and test it there.
//!
//! Text → [`syntax`] (as written) → [`resolve`] (values) → [`model`] (what the builder and the rules see).

pub mod change;
mod fields;
pub mod image;
pub mod model;
pub mod mounts;
pub mod place;
pub mod ports;
pub mod read;
pub mod resolve;
pub mod scalar;
mod service;
pub mod syntax;
pub mod variables;
pub mod yaml;

pub use image::ImageReference;
pub use model::*;
pub use place::{Located, Place, Position};
pub use service::is_service_name;
