//! How often somebody may ask. Two layers count everything: [`by_address`] before it is known who asks, [`by_caller`] (and
//! [`by_visitor`] on pages) once it is. What is dearer counts a second time ([`dear`]). The places that know what failed, or
//! that an agent asks, ask the [`Limiter`] themselves.
//!
//! A further limit: a key in [`stacker::config::RateLimitSettings`], a table and a question in [`limiter`].

mod buckets;
mod dear;
mod layers;
mod limiter;
mod standing;

pub use layers::{BY_ADDRESS, by_address, by_address_of_visitor, by_caller, by_visitor};
pub use limiter::Limiter;
pub(crate) use limiter::too_many_attempts;
pub use standing::{LIMIT, REMAINING, RESET, Standing};
