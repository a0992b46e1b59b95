//! Looking at a plan leaves no record: what was only planned is deleted again.

use domain::access::{Action, Caller, ProjectRole};

use super::{Deployments, allow, error::DeploymentError, locks::lock_live};
use crate::db::deployments::{self, deployment_commands, deployment_events, deployment_revisions};

impl Deployments {
    /// Deletes a plan that was looked at and not applied: the prepared deployment as a whole, or this planned revision of a
    /// deployment. Changes nothing if the plan was applied meanwhile or is gone.
    pub async fn discard_plan(
        &self,
        caller: &Caller,
        hash: &str,
        revision: Option<i32>,
    ) -> Result<(), DeploymentError> {
        allow(caller, Action::Update)?;
        let mut transaction = self.core.pool.begin().await?;
        deployment_commands::lock_plans(&mut transaction, hash, &caller.user_id).await?;
        let deployment = lock_live(&mut transaction, caller, ProjectRole::Operator, hash).await?;
        if deployments::delete_prepared(&mut transaction, deployment.id).await? {
            deployment_commands::delete_plans(&mut transaction, hash, None).await?;
            deployment_events::delete_of(&mut transaction, hash).await?;
        } else if let Some(number) = revision
            && deployment_revisions::delete_planned(&mut transaction, deployment.id, number).await?
        {
            deployment_commands::delete_plans(&mut transaction, hash, Some(number)).await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Deletes prepared deployments whose pages were closed without a word.
    pub async fn discard_expired(&self) -> anyhow::Result<()> {
        deployments::delete_expired_prepared(&self.core.pool, self.core.context.clock.now()).await
    }
}
