//! What must hold before a deployment is created or changed, and holds until the transaction ends.

use domain::{
    access::{Caller, ProjectRole},
    deploy::DeploymentStatus,
};
use sqlx::PgConnection;

use super::error::DeploymentError;
use crate::{
    db::{
        agreements::{self, Unaccepted},
        deployments::{self, Stored},
    },
    services::account::{AccountLimit, room_for_one},
};

/// Checks the limit of live deployments. Until the transaction ends, no other deployment of this owner is created.
pub(super) async fn room_for_deployment(
    connection: &mut PgConnection,
    owner: &str,
    limit: Option<u32>,
) -> Result<(), DeploymentError> {
    deployments::lock_owner(connection, owner).await?;
    if limit.is_some() {
        let used = deployments::count_live(connection, owner).await?;
        room_for_one(used, limit, |used, limit| AccountLimit::Deployments { used, limit })?;
    }
    Ok(())
}

/// Locks the deployment and checks that it can be changed: the caller has at least the role `least` in the project, and the
/// deployment is live, on a host with our agent, and has no command at work.
pub(super) async fn lock_changeable(
    connection: &mut PgConnection,
    caller: &Caller,
    least: ProjectRole,
    hash: &str,
) -> Result<Stored, DeploymentError> {
    let deployment = lock_live(connection, caller, least, hash).await?;
    if deployment.host_id.is_none() {
        return Err(DeploymentError::NoHost);
    }
    if deployments::is_busy(connection, hash).await? {
        return Err(DeploymentError::Busy);
    }
    Ok(deployment)
}

/// Locks the deployment and checks that it is live and that the caller has at least the role `least` in the project.
pub(super) async fn lock_live(
    connection: &mut PgConnection,
    caller: &Caller,
    least: ProjectRole,
    hash: &str,
) -> Result<Stored, DeploymentError> {
    let deployment = deployments::find_locked(connection, hash, &caller.user_id)
        .await?
        .ok_or(DeploymentError::NotFound("deployment"))?;
    deployment.role.require(least)?;
    if matches!(deployment.status, DeploymentStatus::Removed | DeploymentStatus::Cancelled) {
        return Err(DeploymentError::Ended);
    }
    Ok(deployment)
}

/// Refuses a caller who has not accepted what the operator of this server requires.
pub(super) async fn require_agreements(
    connection: &mut PgConnection,
    caller: &Caller,
) -> Result<(), DeploymentError> {
    match agreements::first_unaccepted(connection, &caller.user_id).await? {
        Some(Unaccepted { id, name }) => Err(DeploymentError::AgreementRequired { id, name }),
        None => Ok(()),
    }
}
