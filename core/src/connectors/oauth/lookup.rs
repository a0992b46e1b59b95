//! The lookup of a bearer token at a sign-in provider, and its errors.

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
    /// The provider does not know the bearer token, or does not identify its owner.
    #[error("the sign-in provider does not confirm this bearer")]
    Refused,
    /// The provider did not answer; a later attempt may succeed.
    #[error("the sign-in provider does not answer")]
    Unavailable,
}
