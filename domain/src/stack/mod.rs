//! The stack a user works on: the compose text, the model read from it, the values of its variables, and the canvas.

mod apply;
mod canvas;
pub mod edit;
pub mod merge;
mod shared;
mod state;
mod values;

#[cfg(test)]
mod tests;

/// What [`Stack::apply`] returns when it declines an edit.
pub use crate::refusal::{AskedPlace, Choice, Question, Refusal};
pub use canvas::{Canvas, Point};
pub use edit::{Edit, PortSpec};
pub use shared::{WrittenOut, written_out};
pub use state::Stack;
pub use values::{HeldValue, SecretText, Values, is_value_name};
