//! Tests on real compose files in `../shared/corpus` beside the checkout, if that folder exists.
#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

mod edits;
mod files;
mod merging;
mod networks;
mod read;
mod renaming;
