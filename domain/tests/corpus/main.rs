//! Tests on real compose files, if they exist: `../shared/corpus` beside the checkout.
#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

mod edits;
mod files;
mod read;
