//! Revokes a host that is no longer trusted or no longer exists.

use std::collections::HashMap;

use domain::{
    access::{Action, Caller},
    api::{Happened, RevisionOutcome},
    deploy::DeploymentStatus,
};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{HostError, Hosts, allow};
use crate::{
    db::{
        agents::hosts,
        audit_log::{self, AuditEntry},
        deployments::{
            self,
            deployment_commands::{self, Cancelled, Canceller},
            deployment_events, deployment_revisions,
        },
    },
    services::core::Core,
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
        let mut transaction = self.core.pool.begin().await?;
        let name = hosts::lock(&mut transaction, id, &caller.user_id).await?;
        let name = name.ok_or(HostError::NotFound("host"))?;
        self.core.confirm_names.check(&name, confirm_name)?;
        end_host(&mut transaction, &self.core, (id, &name), live, caller, "host.revoked").await?;
        transaction.commit().await?;
        Ok(())
    }
}

/// Ends a host that is locked: its agent is no longer admitted, and what was live there is cancelled. The audit log says `action`.
/// This is the last step of the transaction, because it writes events.
pub(super) async fn end_host(
    transaction: &mut PgConnection,
    core: &Core,
    (id, name): (Uuid, &str),
    live: LiveDeployments,
    caller: &Caller,
    action: &str,
) -> Result<(), HostError> {
    let now = core.context.clock.now();
    let channel = hosts::channel(id);
    // Locks commands before deployments, the same order as reports do.
    deployment_commands::lock_open_of_channel(transaction, &channel).await?;
    // Failed deployments are included: no agent is left to take them down.
    let here = deployments::lock_open_of_host(transaction, id).await?;
    if live == LiveDeployments::Refuse && here.iter().any(|deployment| deployment.is_live) {
        return Err(HostError::HasDeployments);
    }
    let agent_id = hosts::revoke(transaction, id, now).await?;
    let by = Canceller { caller, now };
    let mut events =
        deployment_commands::cancel(transaction, Cancelled::OpenOn { channel: &channel }, &by).await?;
    let ids: Vec<i32> = here.iter().map(|deployment| deployment.id).collect();
    let revisions = deployment_revisions::cancel_begun(transaction, &ids, now).await?;
    deployments::cancel(transaction, &ids, now).await?;
    let entry = AuditEntry {
        agent_id,
        details: json!({"host_id": id, "name": name, "cancelled_deployments": here.len()}),
        ..core.context.audited_by(caller, action)
    };
    audit_log::record(transaction, entry).await?;
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
        deployment_events::append(transaction, &hash, &event, now).await?;
    }
    hosts::announce(transaction, &caller.user_id).await?;
    Ok(())
}
