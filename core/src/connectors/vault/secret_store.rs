//! Writing tokens to Vault for legacy agents, and its errors.

use std::fmt::Debug;

use async_trait::async_trait;
use secrecy::SecretString;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// A later attempt may succeed.
    #[error("Vault does not answer: {0}")]
    Unavailable(String),
    #[error("Vault error: {0}")]
    Refused(String),
    #[error("Token not found in Vault")]
    NotFound,
    #[error("Token not in Vault response")]
    NoToken,
}

/// Stores tokens by deployment hash.
#[async_trait]
pub trait SecretStore: Debug + Send + Sync {
    /// Writes the token to both paths that agents read.
    async fn store_agent_token(&self, deployment_hash: &str, token: &SecretString) -> Result<(), StoreError>;

    async fn fetch_agent_token(&self, deployment_hash: &str) -> Result<SecretString, StoreError>;

    async fn delete_agent_token(&self, deployment_hash: &str) -> Result<(), StoreError>;
}
