//! The machine that the server runs on, as a host.

use domain::{
    access::{Action, Caller},
    api::Enrolment,
};
use serde_json::json;
use uuid::Uuid;

use super::{HostError, Hosts, allow};
use crate::db::{
    agents::hosts,
    audit_log::{self, AuditEntry},
};

/// The initial name of this host.
const NAME: &str = "This machine";

impl Hosts {
    /// Returns the host of this machine, and creates it if there is none.
    pub async fn local(&self, owner: &Caller) -> Result<Uuid, HostError> {
        allow(owner, Action::Create)?;
        let now = self.core.context.clock.now();
        let id = self.core.context.random.uuid_v7(now);
        let mut transaction = self.core.pool.begin().await?;
        let found = hosts::local(&mut transaction, id, &owner.user_id, NAME, now).await?;
        if found == id {
            let details = json!({"host_id": id, "name": NAME});
            let entry = AuditEntry { details, ..self.core.context.audited_by(owner, "host.added") };
            audit_log::record(&mut transaction, entry).await?;
        }
        transaction.commit().await?;
        Ok(found)
    }

    /// Whether the agent with that id is registered for that host.
    pub async fn has_agent(&self, owner: &Caller, host: Uuid, agent: Uuid) -> Result<bool, HostError> {
        allow(owner, Action::Read)?;
        Ok(hosts::has_agent(&self.core.pool, host, &owner.user_id, agent).await?)
    }

    /// Creates an enrolment code for the host of this machine, to be used on this machine.
    pub async fn enrol_local(&self, owner: &Caller) -> Result<Enrolment, HostError> {
        let id = self.local(owner).await?;
        self.enrol(owner, id).await
    }
}
