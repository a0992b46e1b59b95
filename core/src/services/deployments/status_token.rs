//! Follows one deployment with a token, from pages of other origins. The token may be in an address, so it is short-lived and shows
//! nothing but the progress of one deployment.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    access::{Action, Caller},
    api::{DeploymentProgress, StatusToken},
};
use secrecy::ExposeSecret as _;
use serde_json::json;

use super::{DeploymentError, Deployments, allow};
use crate::{
    crypto::{TokenHash, random_secret, token_hash},
    db::{
        audit_log::{self, AuditEntry},
        deployments::{self, status_tokens},
    },
    services::{core::Core, open_streams::OpenStream},
};

pub const STATUS_TOKEN_LIFETIME: TimeDelta = TimeDelta::minutes(5);
const PREFIX: &str = "stacker_status_";

/// The progress of a deployment, until its token is void.
#[derive(Debug)]
pub struct ProgressStream {
    core: Arc<Core>,
    token: TokenHash,
    expires_at: DateTime<Utc>,
    /// What was returned last.
    last: Option<DeploymentProgress>,
    open: OpenStream,
}

impl Deployments {
    pub async fn create_status_token(
        &self,
        caller: &Caller,
        hash: &str,
    ) -> Result<StatusToken, DeploymentError> {
        // This requires more than the right to read, because the holder of the token may read, too.
        allow(caller, Action::Update)?;
        let id = deployments::id_of(&self.core.pool, hash, &caller.user_id).await?;
        let id = id.ok_or(DeploymentError::NotFound("deployment"))?;
        let token = random_secret(self.core.context.random.as_ref(), PREFIX);
        let now = self.core.context.clock.now();
        let expires_at = now + STATUS_TOKEN_LIFETIME;
        let mut transaction = self.core.pool.begin().await?;
        let digest = token_hash(token.expose_secret());
        status_tokens::insert(&mut transaction, &digest, id, &caller.user_id, now, expires_at).await?;
        let entry = AuditEntry {
            deployment_hash: Some(hash),
            details: json!({"expires_at": expires_at}),
            ..self.core.context.audited_by(caller, "deployment.status_token_created")
        };
        audit_log::record(&mut transaction, entry).await?;
        transaction.commit().await?;
        Ok(StatusToken {
            token: token.expose_secret().to_owned(),
            expires_at,
            path: format!("/api/v1/deployments/{hash}/status"),
        })
    }

    /// Revokes all status tokens that the caller has made for a deployment. Streams that use them end.
    pub async fn revoke_status_tokens(&self, caller: &Caller, hash: &str) -> Result<(), DeploymentError> {
        allow(caller, Action::Update)?;
        if deployments::id_of(&self.core.pool, hash, &caller.user_id).await?.is_none() {
            return Err(DeploymentError::NotFound("deployment"));
        }
        let mut transaction = self.core.pool.begin().await?;
        status_tokens::delete_all(&mut transaction, hash, &caller.user_id).await?;
        Ok(transaction.commit().await?)
    }

    /// Follows a deployment with a status token. `None`: the token is not valid for it.
    pub async fn follow_with_token(
        &self,
        hash: &str,
        token: &str,
    ) -> Result<Option<ProgressStream>, DeploymentError> {
        let token = token_hash(token);
        let now = self.core.context.clock.now();
        let Some((user_id, expires_at)) = status_tokens::find(&self.core.pool, &token, hash, now).await?
        else {
            return Ok(None);
        };
        // Subscribed before anything is read, so that nothing is missed.
        let news = self.core.hub.deployment_events(hash);
        let open = self.streams.open(&user_id, news, self.core.hub.stopping())?;
        Ok(Some(ProgressStream { core: self.core.clone(), token, expires_at, last: None, open }))
    }
}

impl ProgressStream {
    /// The progress now, then each time it has changed. `None`: the token is void, the server stops, or the stream has reached its
    /// time limit.
    pub async fn next(&mut self) -> anyhow::Result<Option<DeploymentProgress>> {
        loop {
            if self.last.is_some() {
                let left = (self.expires_at - self.core.context.clock.now()).to_std().unwrap_or_default();
                let ended = tokio::select! {
                    news = self.open.news() => news.is_none(),
                    () = tokio::time::sleep(left) => true,
                };
                if ended {
                    return Ok(None);
                }
            }
            let now = self.core.context.clock.now();
            let Some(progress) = status_tokens::progress(&self.core.pool, &self.token, now).await? else {
                return Ok(None);
            };
            if self.last.as_ref() != Some(&progress) {
                self.last = Some(progress.clone());
                return Ok(Some(progress));
            }
        }
    }
}
