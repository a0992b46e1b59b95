//! How many requests are let through. Two layers count all of them: [`by_address`] before the caller is known, [`by_caller`] (and
//! [`by_visitor`] on pages) afterwards. Costly requests count a second time ([`costly`]). Code that knows what failed, or which
//! agent asks, calls the [`Limiter`] itself.
//!
//! To add a limit: a key in [`stacker::config::RateLimitSettings`], a table and a method in [`limiter`].

mod buckets;
mod costly;
mod layers;
mod limiter;
mod standing;

pub use layers::{by_address, by_address_of_visitor, by_caller, by_visitor};
pub use limiter::Limiter;
pub(crate) use limiter::too_many_attempts;
pub use standing::{BY_ADDRESS, LIMIT, REMAINING, RESET, Standing};
