//! Takes a stack down. Named volumes stay on the host unless the request names them.

use domain::{
    access::{Action, Caller, ProjectRole},
    api::{FieldError, Happened, RemoveDeployment, RevisionOutcome, StartedCommand},
    callback::CallbackEvent,
    deploy::{DeploymentStatus, RemoveStack},
};

use serde_json::json;
use sqlx::PgConnection;

use super::{Deployments, allow, enqueue::enqueue, error::DeploymentError, locks::lock_live};
use crate::{
    db::{
        agents::{self, hosts},
        audit_log::{self, AuditEntry},
        deployments::{
            self, Stored,
            deployment_commands::{self, Cancelled, Canceller},
            deployment_events, deployment_revisions, deployment_services, install,
        },
    },
    services::callbacks::events::{self as callbacks, Told},
};

const MAX_VOLUMES: usize = 200;

impl Deployments {
    /// Takes a stack down. `None`: the deployment is removed already, because no host's agent ever received a command that
    /// changes the stack. It was never deployed then, so it is in no list any more. What a legacy agent runs stays on its host, and
    /// a machine that the install service created stays at the provider.
    pub async fn remove(
        &self,
        caller: &Caller,
        hash: &str,
        request: RemoveDeployment,
    ) -> Result<Option<StartedCommand>, DeploymentError> {
        allow(caller, Action::Delete)?;
        check_volumes(&request.volumes)?;
        let mut transaction = self.core.pool.begin().await?;
        // Locks commands before the deployment, the same order as reports do.
        deployment_commands::lock_queued(&mut transaction, hash, &caller.user_id).await?;
        let deployment = lock_live(&mut transaction, caller, ProjectRole::Owner, hash).await?;
        let taken =
            deployment.host_id.is_some() && deployment_commands::was_taken(&mut transaction, hash).await?;
        if !taken {
            // What no agent ever had was never deployed: nothing of it stays in the lists.
            let is_unused = if install::is_install(&mut transaction, deployment.id).await? {
                // A machine that may exist stays in the lists, so that its owner is reminded of it.
                self.core.install.take_back(&mut transaction, hash).await?
            } else {
                deployment.host_id.is_some() || !agents::has_agent(&mut transaction, hash).await?
            };
            self.remove_at_once(&mut transaction, caller, &deployment).await?;
            if is_unused {
                deployments::put_away(&mut transaction, deployment.id).await?;
            }
            hosts::announce_machine(&mut transaction, hash).await?;
            transaction.commit().await?;
            return Ok(None);
        }
        if deployments::is_busy(&mut transaction, hash).await? {
            return Err(DeploymentError::Busy);
        }
        let entry = AuditEntry {
            deployment_hash: Some(hash),
            details: json!({"volumes": request.volumes}),
            ..self.core.context.audited_by(caller, "deployment.removal_began")
        };
        audit_log::record(&mut transaction, entry).await?;
        let parameters = RemoveStack { stack: deployment.stack.clone(), volumes: request.volumes };
        let command =
            enqueue(&mut transaction, &deployment, &parameters, None, caller, &self.core.context).await?;
        transaction.commit().await?;
        Ok(Some(StartedCommand {
            deployment_hash: deployment.hash,
            command_id: command.command_id,
            revision: None,
        }))
    }

    /// Removes a deployment that has nothing on a host. The deployment must be locked.
    async fn remove_at_once(
        &self,
        connection: &mut PgConnection,
        caller: &Caller,
        deployment: &Stored,
    ) -> Result<(), DeploymentError> {
        let (now, hash) = (self.core.context.clock.now(), deployment.hash.as_str());
        let by = Canceller { caller, now };
        let which = Cancelled::QueuedOf { deployment_hash: hash };
        let cancelled = deployment_commands::cancel(connection, which, &by).await?;
        let mut events: Vec<Happened> = cancelled.into_iter().map(|(_, event)| event).collect();
        // An agent is fetching one of the commands at this very moment.
        if deployment.host_id.is_some() && deployments::is_busy(connection, hash).await? {
            return Err(DeploymentError::Busy);
        }
        let cancelled_commands = events.len();
        for (_, number) in deployment_revisions::cancel_begun(connection, &[deployment.id], now).await? {
            events.push(Happened::Revision { number, outcome: RevisionOutcome::Cancelled, message: None });
        }
        deployments::set_state(connection, deployment.id, DeploymentStatus::Removed, None, now).await?;
        deployment_services::clear(connection, deployment.id).await?;
        let entry = AuditEntry {
            deployment_hash: Some(hash),
            details: json!({"cancelled_commands": cancelled_commands}),
            ..self.core.context.audited_by(caller, "deployment.removed")
        };
        audit_log::record(connection, entry).await?;
        let status = DeploymentStatus::Removed;
        callbacks::deployment(connection, hash, CallbackEvent::DeploymentRemoved, Told::status(status), now)
            .await?;
        events.push(Happened::Deployment { status, running_revision: None });
        for event in events {
            deployment_events::append(connection, hash, &event, now).await?;
        }
        Ok(())
    }
}

fn check_volumes(volumes: &[String]) -> Result<(), DeploymentError> {
    let is_name = |name: &String| (1..=255).contains(&name.len());
    if volumes.len() <= MAX_VOLUMES && volumes.iter().all(is_name) {
        return Ok(());
    }
    let message = format!("must be up to {MAX_VOLUMES} volume names");
    Err(DeploymentError::Invalid { errors: vec![FieldError { field: "volumes".to_owned(), message }] })
}
