//! Real compose files, when they are there: `../shared/corpus` beside the checkout.

mod files;
mod read;
