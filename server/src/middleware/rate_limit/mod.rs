//! Rate limits. Two layers count all requests: [`by_address`] before the caller is known, and [`by_caller`] (on pages
//! [`by_visitor`]) afterwards. Costly requests count a second time ([`costly`]). Code that knows what failed, or which agent sent
//! the request, calls the [`Limiter`] itself.
//!
//! To add a limit, add a key to [`stacker::config::RateLimitSettings`], and a table and a method to [`limiter`].

mod buckets;
mod costly;
mod layers;
mod limiter;
mod standing;

pub use layers::{by_address, by_address_of_visitor, by_caller, by_visitor};
pub use limiter::Limiter;
pub(crate) use limiter::too_many_attempts;
pub use standing::{BY_ADDRESS, LIMIT, REMAINING, RESET, Standing};
