//! Revokes a host that is no longer trusted or no longer exists.

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
    agents::hosts,
    audit_log::{self, AuditEntry},
    deployments::{
        self,
        deployment_commands::{self, Cancelled, Canceller},
        deployment_events, deployment_revisions,
    },
};

/// What to do about deployments that are live on the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LiveDeployments {
    Refuse,
    /// The deployments end here; what runs on the host keeps running.
    Cancel,
}

impl Hosts {
    /// Revokes a host: its agent is no longer admitted. `confirm_name`: the host's name, when the user was asked to type it.
    pub async fn revoke(
        &self,
        caller: &Caller,
        id: Uuid,
        confirm_name: Option<&str>,
        live: LiveDeployments,
    ) -> Result<(), HostError> {
        allow(caller, Action::Delete)?;
        let now = self.core.context.clock.now();
        let mut transaction = self.core.pool.begin().await?;
        let name = hosts::lock(&mut transaction, id, &caller.user_id).await?;
        let name = name.ok_or(HostError::NotFound("host"))?;
        self.core.confirm_names.check(&name, confirm_name)?;
        let channel = hosts::channel(id);
        // Locks commands before deployments, the same order as reports do.
        deployment_commands::lock_open_of_channel(&mut transaction, &channel).await?;
        // Failed deployments are included: no agent is left to take them down.
        let here = deployments::lock_open_of_host(&mut transaction, id).await?;
        if live == LiveDeployments::Refuse && here.iter().any(|deployment| deployment.is_live) {
            return Err(HostError::HasDeployments);
        }
        let agent_id = hosts::revoke(&mut transaction, id, now).await?;
        let by = Canceller { caller, now };
        let mut events =
            deployment_commands::cancel(&mut transaction, Cancelled::OpenOn { channel: &channel }, &by)
                .await?;
        let ids: Vec<i32> = here.iter().map(|deployment| deployment.id).collect();
        let revisions = deployment_revisions::cancel_begun(&mut transaction, &ids, now).await?;
        deployments::cancel(&mut transaction, &ids, now).await?;
        let entry = AuditEntry {
            agent_id,
            details: json!({"host_id": id, "name": name, "cancelled_deployments": here.len()}),
            ..self.core.context.audited_by(caller, "host.revoked")
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
        // Sorted by hash, as in every writer of events: each event takes a lock.
        events.sort_by(|(one, _), (other, _)| one.cmp(other));
        for (hash, event) in events {
            deployment_events::append(&mut transaction, &hash, &event, now).await?;
        }
        transaction.commit().await?;
        Ok(())
    }
}
