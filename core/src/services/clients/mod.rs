//! API clients: programs that sign their requests with their own secret.
//!
//! - [`create`]: a new client, within the limit
//! - [`change`]: a new secret, disabling, enabling, deletion
//! - [`signature`]: authenticates a signed request

mod change;
mod create;
mod error;
mod signature;

use std::sync::Arc;

use domain::{
    access::{Action, Caller, Resource, may},
    api::ApiClient,
};
use serde_json::json;
use sqlx::PgConnection;

pub use error::ClientError;
pub use signature::{ClientAuthError, SignedRequest};
pub(super) use signature::{Memory, new_memory};

use crate::{
    crypto::SealedColumn,
    db::{
        accounts::clients,
        audit_log::{self, AuditEntry},
    },
    services::core::Core,
};

/// Whose clients a change can affect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    Own,
    /// Clients of any user, for administrators.
    Anybody,
}

#[derive(Clone, Debug)]
pub struct Clients {
    core: Arc<Core>,
    /// Nonces and uses that this server has seen.
    memory: Memory,
}

impl Clients {
    pub(super) fn new(core: Arc<Core>) -> Self {
        Self { core, memory: new_memory() }
    }

    /// The caller's clients, in the order of creation.
    pub async fn list(&self, caller: &Caller) -> Result<Vec<ApiClient>, ClientError> {
        allow(caller, Resource::Access, Action::Read)?;
        Ok(clients::list(&self.core.pool, &caller.user_id).await?)
    }

    pub async fn get(&self, caller: &Caller, id: i32) -> Result<ApiClient, ClientError> {
        allow(caller, Resource::Access, Action::Read)?;
        let mut connection = self.core.pool.acquire().await?;
        let found = clients::find_locked(&mut connection, id, Some(&caller.user_id)).await?;
        found.ok_or(ClientError::NotFound)
    }

    async fn audit(
        &self,
        connection: &mut PgConnection,
        caller: &Caller,
        action: &'static str,
        client: &ApiClient,
    ) -> anyhow::Result<()> {
        let entry = AuditEntry {
            owner_id: Some(&client.user_id),
            details: json!({"client_id": client.id, "name": client.name}),
            ..self.core.context.audited_by(caller, action)
        };
        audit_log::record(connection, entry).await
    }
}

fn allow(caller: &Caller, resource: Resource, action: Action) -> Result<(), ClientError> {
    if may(caller, resource, action) { Ok(()) } else { Err(ClientError::Forbidden) }
}

fn sealed_at(row: &str) -> SealedColumn<'_> {
    SealedColumn { table: "client", column: "secret", row }
}
