//! Adding a host on a page: until its agent has joined, the host is provisional. It is in no list, and closing the page leaves
//! nothing behind.

use domain::{
    access::{Action, Caller},
    api::{AddHost, Enrolment},
};
use serde_json::json;
use uuid::Uuid;

use super::{ENROLMENT_LIFETIME, HostError, Hosts, allow};
use crate::db::{
    agents::{hosts, joining},
    audit_log::{self, AuditEntry},
};

impl Hosts {
    /// Adds a provisional host. It is deleted when its code expires, unless an agent has joined by then. `reached_at` is the address
    /// that the user's browser uses.
    pub async fn invite(
        &self,
        caller: &Caller,
        host: AddHost,
        reached_at: Option<&str>,
    ) -> Result<Enrolment, HostError> {
        let until = self.core.context.clock.now() + ENROLMENT_LIFETIME;
        let mut transaction = self.core.pool.begin().await?;
        let id = self.insert(&mut transaction, caller, host, Some(until)).await?;
        let enrolment = self.code_for_host(&mut transaction, caller, id, reached_at).await?;
        transaction.commit().await?;
        Ok(enrolment)
    }

    /// Deletes a provisional host: its code no longer works.
    pub async fn discard(&self, caller: &Caller, id: Uuid) -> Result<(), HostError> {
        allow(caller, Action::Delete)?;
        let mut transaction = self.core.pool.begin().await?;
        if !joining::discard(&mut transaction, id, &caller.user_id).await? {
            return Err(HostError::NotFound("host"));
        }
        let details = json!({"host_id": id});
        let entry = AuditEntry { details, ..self.core.context.audited_by(caller, "host.discarded") };
        audit_log::record(&mut transaction, entry).await?;
        hosts::announce(&mut transaction, &caller.user_id).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Somebody has fetched the program with the command that the page shows for this host. The id gives no right: all it does is
    /// to tick the first step on that page.
    pub async fn program_fetched(&self, id: Uuid) -> Result<(), HostError> {
        Ok(joining::program_fetched(&self.core.pool, id, self.core.context.clock.now()).await?)
    }

    /// Deletes provisional hosts whose code has expired.
    pub async fn discard_expired(&self) -> anyhow::Result<()> {
        joining::discard_expired(&self.core.pool, self.core.context.clock.now()).await
    }
}
