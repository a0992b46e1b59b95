//! Taking a stack down. Named volumes stay on the host unless they are named here.

use domain::{
    access::{Action, Caller},
    api::{FieldError, Happened, RemoveDeployment, StartedCommand},
    command::Kind,
    deploy::{DeploymentStatus, RemoveStack},
};

use super::{Deployments, allow, check_hash, deploy::lock_live, enqueue::enqueue, error::DeploymentError};
use crate::db::{deployment_commands, deployment_events, deployment_services, deployments};

const MAX_VOLUMES: usize = 200;

impl Deployments {
    /// `None`: it is removed already, because nobody of ours ever had it in hand. What an agent of others runs stays on
    /// its host.
    pub async fn remove(
        &self,
        caller: &Caller,
        hash: &str,
        request: RemoveDeployment,
    ) -> Result<Option<StartedCommand>, DeploymentError> {
        allow(caller, Action::Delete)?;
        check_hash(hash)?;
        check_volumes(&request.volumes)?;
        let mut transaction = self.pool.begin().await?;
        // Commands before the deployment, in the order in which reports lock them.
        deployment_commands::lock_queued(&mut transaction, hash, &caller.user_id).await?;
        let deployment = lock_live(&mut transaction, caller, hash).await?;
        let taken =
            deployment.host_id.is_some() && deployment_commands::was_taken(&mut transaction, hash).await?;
        let now = self.context.clock.now();
        if !taken {
            let cancelled = deployment_commands::cancel_queued(&mut transaction, hash, now).await?;
            deployments::set_state(&mut transaction, deployment.id, DeploymentStatus::Removed, None, now)
                .await?;
            deployment_services::clear(&mut transaction, deployment.id).await?;
            for event in cancelled {
                deployment_events::append(&mut transaction, hash, &event, now).await?;
            }
            let removed = Happened::Deployment { status: DeploymentStatus::Removed, running_revision: None };
            deployment_events::append(&mut transaction, hash, &removed, now).await?;
            transaction.commit().await?;
            return Ok(None);
        }
        if deployments::is_busy(&mut transaction, hash).await? {
            return Err(DeploymentError::Busy);
        }
        let parameters = RemoveStack { stack: deployment.stack.clone(), volumes: request.volumes };
        let command = enqueue(
            &mut transaction,
            &deployment,
            Kind::RemoveStack,
            parameters,
            None,
            &caller.user_id,
            &self.context,
        )
        .await?;
        transaction.commit().await?;
        Ok(Some(StartedCommand {
            deployment_hash: deployment.hash,
            command_id: command.command_id,
            revision: None,
        }))
    }
}

fn check_volumes(volumes: &[String]) -> Result<(), DeploymentError> {
    let is_name = |name: &String| !name.contains('\0') && (1..=255).contains(&name.len());
    if volumes.len() <= MAX_VOLUMES && volumes.iter().all(is_name) {
        return Ok(());
    }
    let message = format!("must be names of volumes, {MAX_VOLUMES} at most");
    Err(DeploymentError::Invalid { errors: vec![FieldError { field: "volumes".to_owned(), message }] })
}
