//! Ratings of products: what is rated, from 0 to 10, and what many ratings say together.
//!
//! - [`Category`]: the nine sides of a product that are rated
//! - [`bodies`](self): what callers send, and its limits
//! - [`Distribution`]: how often each rate was given, and the average that follows from it

mod bodies;
mod category;
mod distribution;
mod views;

pub use bodies::{
    CreateRating, LONGEST_COMMENT, LONGEST_REASON, ModerateRating, ReportRating, UpdateRating, kept_text,
};
pub use category::Category;
pub use distribution::{Distribution, HIGHEST_RATE, PRIOR_MEAN, PRIOR_WEIGHT};
pub use views::{AnyRating, OwnRating, ProductRatings, Rating, RatingReport, RatingSummary, ShownRating};
