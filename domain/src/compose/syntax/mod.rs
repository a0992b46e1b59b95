//! The document as written, and the parser that reads it.
//!
//! - `tree.rs` is what edits work on
//! - `parse.rs` builds it from the events of the parser
//! - `strays.rs` finds characters that Compose reads otherwise than the parser
//! - `tokens.rs` finds what the parser does not report: indicators, the ends of block scalars, tags

mod parse;
mod strays;
#[cfg(test)]
mod tests;
mod tokens;
mod tree;

pub use parse::parse;
pub use tree::{CoreTag, Item, NodeKind, Pair, Parsed, Style, SyntaxError, Tree};
