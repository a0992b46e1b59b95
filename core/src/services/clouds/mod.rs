//! Clouds: credentials with which the install service creates machines, and those machines.
//!
//! - [`write`]: adds and changes clouds
//! - [`secrets`]: seals and opens their secrets
//! - [`check`]: asks the provider about a stored key
//! - [`share`]: lets operators of a project deploy with a cloud of its owner
//! - [`servers`]: the machines. A machine with our agent is a host, see [`super::hosts`]

mod check;
mod error;
pub(super) mod secrets;
mod servers;
mod share;
mod write;

use std::sync::Arc;

use domain::{
    access::{Action, Caller, Resource, may},
    cloud::{CloudItem, SecretKind},
};
use serde_json::json;
use sqlx::PgConnection;

pub use error::CloudError;
pub use servers::Servers;

use crate::{
    db::{
        audit_log::{self, AuditEntry},
        clouds::{self, StoredCloud},
    },
    services::{
        core::Core,
        page::{Listed, Page},
    },
};

#[derive(Clone, Debug)]
pub struct Clouds {
    core: Arc<Core>,
}

impl Clouds {
    pub(super) fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// The caller's clouds, in the order in which they were added. Secrets are masked.
    pub async fn list(&self, caller: &Caller, page: Page) -> Result<Listed<CloudItem>, CloudError> {
        allow(caller, Action::Read)?;
        let rows = clouds::list(&self.core.pool, &caller.user_id, page.after, page.rows()).await?;
        Ok(Listed::of(page, rows, |cloud| cloud.id).map(shown))
    }

    pub async fn get(&self, caller: &Caller, id: i32) -> Result<CloudItem, CloudError> {
        allow(caller, Action::Read)?;
        let found = clouds::find(&self.core.pool, id, &caller.user_id).await?;
        found.map(shown).ok_or(CloudError::NotFound("cloud"))
    }

    /// Deletes a cloud with its secrets. Deployments that were started with it keep running, and machines stay at the provider.
    /// `confirm_name`: its name, when the user was asked to type it.
    pub async fn delete(
        &self,
        caller: &Caller,
        id: i32,
        confirm_name: Option<&str>,
    ) -> Result<(), CloudError> {
        allow(caller, Action::Delete)?;
        let mut transaction = self.core.pool.begin().await?;
        let cloud = self.own(&mut transaction, caller, id).await?;
        self.core.confirm_names.check(&cloud.name, confirm_name)?;
        clouds::delete(&mut transaction, id).await?;
        self.audit(&mut transaction, caller, "cloud.deleted", &cloud).await?;
        Ok(transaction.commit().await?)
    }

    /// A cloud of the caller, locked until the transaction ends.
    async fn own(
        &self,
        connection: &mut PgConnection,
        caller: &Caller,
        id: i32,
    ) -> Result<StoredCloud, CloudError> {
        clouds::find_locked(connection, id, &caller.user_id).await?.ok_or(CloudError::NotFound("cloud"))
    }

    async fn audit(
        &self,
        connection: &mut PgConnection,
        caller: &Caller,
        action: &'static str,
        cloud: &StoredCloud,
    ) -> anyhow::Result<()> {
        let entry = AuditEntry {
            owner_id: Some(&cloud.user_id),
            details: json!({"cloud_id": cloud.id, "name": cloud.name, "provider": cloud.provider}),
            ..self.core.context.audited_by(caller, action)
        };
        audit_log::record(connection, entry).await
    }
}

fn allow(caller: &Caller, action: Action) -> Result<(), CloudError> {
    if may(caller, Resource::Cloud, action) { Ok(()) } else { Err(CloudError::Forbidden) }
}

/// A cloud as its owner sees it.
fn shown(cloud: StoredCloud) -> CloudItem {
    let mask = |kind: SecretKind| cloud.masks.get(kind.key()).cloned();
    CloudItem {
        id: cloud.id,
        cloud_token: mask(SecretKind::Token),
        cloud_key: mask(SecretKind::Key),
        cloud_secret: mask(SecretKind::Secret),
        user_id: cloud.user_id,
        provider: cloud.provider,
        save_token: Some(cloud.save_token),
        created_at: cloud.created_at,
        updated_at: cloud.updated_at,
        name: Some(cloud.name),
        shared_with: cloud.shared_with,
        owner_name: None,
        deployments: cloud.deployments,
    }
}
