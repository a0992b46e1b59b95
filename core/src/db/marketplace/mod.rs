//! Tables of the marketplace: templates, their versions and reviews.

pub(crate) mod requirements;
