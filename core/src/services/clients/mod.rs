//! API clients: programs that sign their requests with a secret of their own.
//!
//! - [`create`]: a new one, within the limit
//! - [`change`]: a new secret, off and on again, gone
//! - [`signature`]: whether a request is from the one it says

mod change;
mod create;
mod error;
mod signature;

use std::sync::Arc;

use domain::{
    access::{Action, Caller, Resource, may},
    api::ApiClient,
    confirm::ConfirmNames,
};
use serde_json::json;
use sqlx::{PgConnection, PgPool};

pub use error::ClientError;
pub(super) use signature::{Memory, new_memory};
pub use signature::{RefusedClient, SignedRequest};

use crate::{
    context::Context,
    crypto::{KeyRing, SealedColumn},
    db::{
        audit_log::{self, AuditEntry},
        clients,
    },
};

/// Whose client may be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    Own,
    /// For administrators.
    Anybody,
}

#[derive(Clone, Debug)]
pub struct Clients {
    pool: PgPool,
    context: Context,
    keyring: Arc<KeyRing>,
    memory: Memory,
    limit: u32,
    confirm_names: ConfirmNames,
}

impl Clients {
    pub(super) fn new(
        pool: PgPool,
        context: Context,
        keyring: Arc<KeyRing>,
        memory: Memory,
        limit: u32,
        confirm_names: ConfirmNames,
    ) -> Self {
        Self { pool, context, keyring, memory, limit, confirm_names }
    }

    /// One's own, in the order they were made.
    pub async fn list(&self, caller: &Caller) -> Result<Vec<ApiClient>, ClientError> {
        allow(caller, Resource::Access, Action::Read)?;
        Ok(clients::list(&self.pool, &caller.user_id).await?)
    }

    pub async fn get(&self, caller: &Caller, id: i32) -> Result<ApiClient, ClientError> {
        allow(caller, Resource::Access, Action::Read)?;
        let mut connection = self.pool.acquire().await?;
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
            ..self.context.audited_by(caller, action)
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
