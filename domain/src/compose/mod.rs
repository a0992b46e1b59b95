//! Compose files: reads text into a model, and changes single values of the text without touching anything else.
//!
//! The format is the [Compose Specification](https://github.com/compose-spec/compose-spec/blob/main/spec.md).
//! To support another key: add a line in `shape/tables.rs`. If a form or a rule needs it, add a field in `model.rs`,
//! read it in `service.rs`, and test it there.
//!
//! A text passes through [`syntax`] (the document as written), [`resolve`] (its values) and [`read`] (the [`Model`]
//! that the builder and the check rules use). [`shape`] knows which keys and values are allowed. [`change`] edits the
//! text. [`files`] merges several files, as Compose does with `-f`.

pub mod change;
mod fields;
pub mod files;
pub mod hosts;
pub mod image;
mod lines;
pub mod literal_secret;
pub mod model;
pub mod mounts;
pub mod nearest;
pub mod place;
mod plain_words;
pub mod ports;
pub mod read;
pub mod resolve;
pub mod scalar;
mod service;
mod shape;
pub mod syntax;
mod timestamp;
pub mod variables;
pub mod yaml;

pub use image::ImageReference;
pub use model::*;
pub use place::{Located, Place, Position};
pub use service::is_service_name;
pub use shape::service_keys;
pub(crate) use shape::{Since, browse, recent_keys, since, size};
