//! Compose files: text in, model out, and changes to the text that touch nothing else.
//!
//! The format is the [Compose Specification](https://github.com/compose-spec/compose-spec/blob/main/spec.md).
//! To understand another key: give it a field in [`model`], read it in `service.rs`, and test it there.

pub mod image;
pub mod model;
pub mod place;
pub mod variables;
pub mod yaml;

pub use image::ImageReference;
pub use model::*;
pub use place::{Located, Place, Position};
