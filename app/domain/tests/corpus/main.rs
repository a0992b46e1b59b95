//! Real compose files, when they are there: `../shared/corpus` beside the checkout.

mod edits;
mod files;
mod read;
