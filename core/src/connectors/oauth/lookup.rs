//! What is asked of a sign-in provider about a bearer token, and how that fails.

use std::fmt::Debug;

use async_trait::async_trait;
use domain::access::Caller;

#[async_trait]
pub trait UserLookup: Debug + Send + Sync {
    /// The person that a bearer token belongs to.
    async fn me(&self, bearer: &str) -> Result<Caller, LookupError>;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LookupError {
    /// The provider does not know the bearer, or does not say who it belongs to.
    #[error("the sign-in provider does not confirm this bearer")]
    Refused,
    /// The provider did not answer: try again later.
    #[error("the sign-in provider does not answer")]
    Unavailable,
}
