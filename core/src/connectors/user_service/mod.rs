//! The User Service: plans, purchases and categories.
//!
//! - [`UserService`]: the questions; [`UserServiceClient`] asks, [`NoUserService`] says that it is switched off,
//!   [`FakeUserService`] is for tests
//! - [`UserPlanUrl`]: the address for the profile of a person whose token we do not have
//!
//! docs/marketplace.md describes the requests and answers. An answer that does not say something is never taken for a yes.

mod client;
mod configured;
mod error;
mod fake;
mod settings;
mod types;
mod user_plan_url;
#[cfg(test)]
mod user_service_client;

use std::{fmt::Debug, sync::Arc};

use async_trait::async_trait;
use domain::marketplace::{Plans, Product, Profile};
use secrecy::SecretString;
use uuid::Uuid;

pub use client::UserServiceClient;
pub use configured::user_service;
pub use error::UserServiceError;
pub use fake::{FakeUserService, NoUserService};
pub use settings::UserServiceSettings;
pub use types::{Category, NewStack, RemoteStack};
pub use user_plan_url::UserPlanUrl;

#[async_trait]
pub trait UserService: Debug + Send + Sync {
    /// Whether there is one. If not, every question fails with [`UserServiceError::Off`].
    fn is_on(&self) -> bool;

    /// The profile of the person that the token belongs to.
    async fn profile(&self, token: &SecretString) -> Result<Profile, UserServiceError>;

    /// The profile of a person whose token we do not have.
    async fn profile_of(&self, user_id: &str) -> Result<Profile, UserServiceError>;

    /// All plans, with their order. The answer may be some minutes old.
    async fn plans(&self) -> Result<Arc<Plans>, UserServiceError>;

    /// What has to be bought to use a template. `None`: it is not for sale.
    async fn template_product(&self, template_id: Uuid) -> Result<Option<Product>, UserServiceError>;

    /// The categories of templates. Tried several times.
    async fn categories(&self) -> Result<Vec<Category>, UserServiceError>;

    async fn create_stack(&self, stack: &NewStack) -> Result<RemoteStack, UserServiceError>;

    async fn stack(&self, id: i64) -> Result<RemoteStack, UserServiceError>;

    async fn stacks_of(&self, user_id: &str) -> Result<Vec<RemoteStack>, UserServiceError>;
}
