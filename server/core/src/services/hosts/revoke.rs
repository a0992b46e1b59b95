//! A host that is no longer trusted, or no longer there.

use domain::{
    access::{Action, Caller},
    api::Happened,
    deploy::DeploymentStatus,
};
use serde_json::json;
use uuid::Uuid;

use super::{HostError, Hosts, allow};
use crate::db::{
    audit_log::{self, AuditEntry, AuditStatus},
    deployment_commands, deployment_events, deployments, hosts,
};

/// What to do about deployments that are live on the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LiveDeployments {
    Refuse,
    /// They end here; what runs on the host stays as it is.
    Cancel,
}

impl Hosts {
    /// Its agent is let in no more.
    pub async fn revoke(&self, caller: &Caller, id: Uuid, live: LiveDeployments) -> Result<(), HostError> {
        allow(caller, Action::Delete)?;
        let now = self.context.clock.now();
        let mut transaction = self.pool.begin().await?;
        if !hosts::lock(&mut transaction, id, &caller.user_id).await? {
            return Err(HostError::NotFound("host"));
        }
        let channel = hosts::channel(id);
        // Commands before deployments, in the order in which reports lock them.
        deployment_commands::lock_open_of_channel(&mut transaction, &channel).await?;
        let live_here = deployments::lock_live_of_host(&mut transaction, id).await?;
        if live == LiveDeployments::Refuse && !live_here.is_empty() {
            return Err(HostError::HasDeployments);
        }
        let agent_id = hosts::revoke(&mut transaction, id, now).await?;
        let cancelled = deployment_commands::cancel_open_of_channel(&mut transaction, &channel, now).await?;
        deployments::cancel(&mut transaction, &live_here.iter().map(|(id, _)| *id).collect::<Vec<_>>(), now)
            .await?;
        let entry = AuditEntry {
            id: self.context.random.uuid_v7(now),
            action: "host.revoked",
            status: AuditStatus::Success,
            agent_id,
            user_id: Some(&caller.user_id),
            deployment_hash: None,
            details: json!({"host_id": id, "cancelled_deployments": live_here.len()}),
            address: None,
            now,
        };
        audit_log::record(&mut transaction, entry).await?;
        let ended = Happened::Deployment { status: DeploymentStatus::Cancelled, running_revision: None };
        let mut events = cancelled;
        events.extend(live_here.into_iter().map(|(_, hash)| (hash, ended.clone())));
        // In the order of hashes, as everybody writes them: each takes a lock.
        events.sort_by(|(one, _), (other, _)| one.cmp(other));
        for (hash, event) in events {
            deployment_events::append(&mut transaction, &hash, &event, now).await?;
        }
        transaction.commit().await?;
        Ok(())
    }
}
