//! Servers: machines that the install service creates or uses. Deployments add them.

use std::sync::Arc;

use domain::{
    access::{Action, Caller, Resource, may},
    cloud::{ServerBody, ServerItem},
};
use serde_json::json;
use sqlx::PgConnection;

use super::CloudError;
use crate::{
    db::{
        audit_log::{self, AuditEntry},
        clouds::servers::{self, StoredServer},
    },
    services::{
        core::Core,
        page::{Listed, Page},
    },
};

#[derive(Clone, Debug)]
pub struct Servers {
    core: Arc<Core>,
}

impl Servers {
    pub(in crate::services) fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// The caller's servers, in the order of creation.
    pub async fn list(&self, caller: &Caller, page: Page) -> Result<Listed<ServerItem>, CloudError> {
        allow(caller, Action::Read)?;
        let rows = servers::list(&self.core.pool, &caller.user_id, page.after, page.rows()).await?;
        Ok(Listed::of(page, rows, |server| server.id).map(shown))
    }

    pub async fn get(&self, caller: &Caller, id: i32) -> Result<ServerItem, CloudError> {
        allow(caller, Action::Read)?;
        let found = servers::find(&self.core.pool, id, &caller.user_id).await?;
        found.map(shown).ok_or(CloudError::NotFound("server"))
    }

    /// Replaces what is known of a server: what the body leaves out becomes null. Nothing changes at the provider.
    pub async fn update(&self, caller: &Caller, id: i32, body: ServerBody) -> Result<ServerItem, CloudError> {
        allow(caller, Action::Update)?;
        let mut transaction = self.core.pool.begin().await?;
        let mut server = own(&mut transaction, caller, id).await?;
        server.updated_at = self.core.context.clock.now();
        servers::update(&mut transaction, id, &body, server.updated_at).await?;
        server.fields = body;
        self.audit(&mut transaction, caller, "server.updated", &server).await?;
        transaction.commit().await?;
        Ok(shown(server))
    }

    /// Deletes what is stored of a server. The machine itself stays at the provider.
    pub async fn delete(&self, caller: &Caller, id: i32) -> Result<(), CloudError> {
        allow(caller, Action::Delete)?;
        let mut transaction = self.core.pool.begin().await?;
        let server = own(&mut transaction, caller, id).await?;
        servers::delete(&mut transaction, id).await?;
        self.audit(&mut transaction, caller, "server.deleted", &server).await?;
        Ok(transaction.commit().await?)
    }

    async fn audit(
        &self,
        connection: &mut PgConnection,
        caller: &Caller,
        action: &'static str,
        server: &StoredServer,
    ) -> anyhow::Result<()> {
        let entry = AuditEntry {
            owner_id: Some(&server.user_id),
            details: json!({"server_id": server.id, "project_id": server.project_id}),
            ..self.core.context.audited_by(caller, action)
        };
        audit_log::record(connection, entry).await
    }
}

fn allow(caller: &Caller, action: Action) -> Result<(), CloudError> {
    if may(caller, Resource::Server, action) { Ok(()) } else { Err(CloudError::Forbidden) }
}

/// A server of the caller, locked until the transaction ends.
async fn own(connection: &mut PgConnection, caller: &Caller, id: i32) -> Result<StoredServer, CloudError> {
    let found = servers::find_locked(connection, id, &caller.user_id).await?;
    found.ok_or(CloudError::NotFound("server"))
}

fn shown(server: StoredServer) -> ServerItem {
    let ServerBody { name, region, zone, server: size, os, disk_type, srv_ip, ssh_port, ssh_user } =
        server.fields;
    ServerItem {
        id: server.id,
        user_id: server.user_id,
        project_id: server.project_id,
        region,
        zone,
        server: size,
        os,
        disk_type,
        created_at: server.created_at,
        updated_at: server.updated_at,
        srv_ip,
        ssh_port,
        ssh_user,
        name,
        deployment_id: server.deployment_id,
        deployment_hash: server.deployment_hash,
        host_id: None,
    }
}
