//! The Stack Builder: shows and edits one stack as a picture, as forms and as text.
//!
//! Every user action becomes a [`domain::stack::Edit`] and goes through [`state::session::Session`]; everything shown is
//! computed from the history that the session holds. There are three layers. Each uses only those before it
//! (`scripts/check/forbidden-text.sh`):
//!
//! 1. [`model`]: plain data and functions, tested without a browser: history, picture, geometry, gestures, text
//! 2. [`state`]: signals, the actions on them, saving
//! 3. [`view`]: what is drawn

pub mod model;

mod state;
mod view;

pub use state::new_text::keep_broken;
pub use view::StackBuilder;
