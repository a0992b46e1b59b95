//! A host that is no longer trusted, or no longer there.

use std::collections::HashMap;

use domain::{
    access::{Action, Caller},
    api::{Happened, RevisionOutcome},
    deploy::DeploymentStatus,
};
use serde_json::json;
use uuid::Uuid;

use super::{HostError, Hosts, allow};
use crate::db::{
    audit_log::{self, AuditEntry, AuditStatus},
    deployment_commands::{self, Cancelled, Canceller},
    deployment_events, deployment_revisions, deployments, hosts,
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
        // Also those that failed: nobody is left who could take them down.
        let here = deployments::lock_open_of_host(&mut transaction, id).await?;
        if live == LiveDeployments::Refuse && here.iter().any(|deployment| deployment.is_live) {
            return Err(HostError::HasDeployments);
        }
        let agent_id = hosts::revoke(&mut transaction, id, now).await?;
        let by = Canceller { user_id: &caller.user_id, now };
        let mut events =
            deployment_commands::cancel(&mut transaction, Cancelled::OpenOn { channel: &channel }, &by)
                .await?;
        let ids: Vec<i32> = here.iter().map(|deployment| deployment.id).collect();
        let revisions = deployment_revisions::cancel_begun(&mut transaction, &ids, now).await?;
        deployments::cancel(&mut transaction, &ids, now).await?;
        let entry = AuditEntry {
            id: self.context.random.uuid_v7(now),
            action: "host.revoked",
            status: AuditStatus::Success,
            agent_id,
            user_id: Some(&caller.user_id),
            deployment_hash: None,
            details: json!({"host_id": id, "cancelled_deployments": here.len()}),
            address: None,
            now,
        };
        audit_log::record(&mut transaction, entry).await?;
        let ended = Happened::Deployment { status: DeploymentStatus::Cancelled, running_revision: None };
        let hashes: HashMap<i32, String> =
            here.into_iter().map(|deployment| (deployment.id, deployment.hash)).collect();
        events.extend(revisions.into_iter().filter_map(|(id, number)| {
            let outcome = RevisionOutcome::Cancelled;
            Some((hashes.get(&id)?.clone(), Happened::Revision { number, outcome, message: None }))
        }));
        events.extend(hashes.into_values().map(|hash| (hash, ended.clone())));
        // In the order of hashes, as everybody writes them: each takes a lock.
        events.sort_by(|(one, _), (other, _)| one.cmp(other));
        for (hash, event) in events {
            deployment_events::append(&mut transaction, &hash, &event, now).await?;
        }
        transaction.commit().await?;
        Ok(())
    }
}
