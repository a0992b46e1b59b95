//! Rotates the token of a host's agent. The agent receives the new token in the server's next answer and confirms it by using it.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::access::{Action, Caller};
use uuid::Uuid;

use super::{HostError, Hosts, allow};
use crate::{
    db::agents::{agent_tokens, hosts},
    services::agent_dispatcher::rotate,
};

impl Hosts {
    pub async fn rotate_token(&self, caller: &Caller, id: Uuid) -> Result<(), HostError> {
        allow(caller, Action::Update)?;
        let mut transaction = self.core.pool.begin().await?;
        if !hosts::keep(&mut transaction, id, &caller.user_id).await? {
            return Err(HostError::NotFound("host"));
        }
        let holder = agent_tokens::holder_of_host(&mut transaction, id, &caller.user_id).await?;
        let holder = holder.ok_or(HostError::NoAgent)?;
        let mut bytes = [0; 64];
        self.core.context.random.fill(&mut bytes);
        let token = URL_SAFE_NO_PAD.encode(bytes);
        rotate(&mut transaction, &self.core.vault, &holder, None, &token, Some(caller))
            .await
            .map_err(|error| HostError::Internal(error.into()))?;
        transaction.commit().await?;
        Ok(())
    }
}
