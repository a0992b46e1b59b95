//! Talks to `stacker lsp` as an editor does.
#![expect(clippy::unwrap_used, reason = "a test that cannot talk to the program fails")]

mod client;
mod editing;
mod lifetime;
mod looking;
mod workspace;
