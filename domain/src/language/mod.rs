//! What editors ask about a text: completion, hover, definitions, references, symbols, folding.
//!
//! All of it is pure: the language server of the command line calls it, and so can any other editor. Texts are half-written
//! most of the time, so completion reads lines and their indentation ([`cursor`]); the rest reads the tree as far as it
//! could be built. No offset and no text make it panic.
//!
//! The texts in [`help`] are long. Nothing in `compose`, `stack` or `check` may use this module, because they are loaded by
//! the browser.
//!
//! To explain another key, add a line to a file of `help`; a test demands one for each key.

mod completion;
mod cursor;
mod folding;
mod help;
mod hover;
mod lines;
mod mentions;
mod names;
mod outline;
pub mod positions;
mod typed;
mod variables;

#[cfg(test)]
mod tests;

pub use completion::{Completion, CompletionKind, completion};
pub use folding::{Fold, folds};
pub use hover::{Hover, hover};
pub use mentions::{WithDeclaration, definition, references, service_at};
pub use names::Named;
pub use outline::{Symbol, SymbolKind, outline};
pub use typed::{TypedFile, file as typed_file, is_of_path};
