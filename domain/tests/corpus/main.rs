//! Real compose files, when they are there: `../shared/corpus` beside the checkout.
#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

mod edits;
mod files;
mod read;
