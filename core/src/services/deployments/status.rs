//! The state of deployments for programs that ask for it.

use std::{pin::pin, time::Duration};

use domain::{
    access::{Action, Caller},
    api::DeploymentSummary,
};

use super::{DeploymentError, DeploymentFilter, Deployments, allow};
use crate::db::{deployments, projects};

impl Deployments {
    /// The newest deployment of a project. `wait`: how long to wait for its next change; the state is returned in any case.
    pub async fn status_of_project(
        &self,
        caller: &Caller,
        project_id: i32,
        wait: Duration,
    ) -> Result<DeploymentSummary, DeploymentError> {
        allow(caller, Action::Read)?;
        let newest = self.newest(caller, project_id).await?;
        if wait.is_zero() {
            return Ok(newest);
        }
        // Subscribed before the state is read again, so that no change is missed.
        let mut news = self.core.hub.deployment_events(&newest.deployment_hash);
        let mut time_is_up = pin!(tokio::time::sleep(wait));
        loop {
            let now = self.newest(caller, project_id).await?;
            // The news may be older than the question.
            if now != newest {
                return Ok(now);
            }
            tokio::select! {
                () = news.changed() => {}
                () = &mut time_is_up => return Ok(now),
                () = self.core.hub.stopping().cancelled() => return Ok(now),
            }
        }
    }

    async fn newest(&self, caller: &Caller, project_id: i32) -> Result<DeploymentSummary, DeploymentError> {
        let filter = DeploymentFilter { project_id: Some(project_id), host_id: None };
        let mut found = deployments::list(&self.core.pool, &caller.user_id, None, filter, 1).await?;
        match found.pop() {
            Some(newest) => Ok(newest),
            None if projects::version(&self.core.pool, project_id, &caller.user_id).await?.is_some() => {
                Err(DeploymentError::NotFound("deployment"))
            }
            None => Err(DeploymentError::NotFound("project")),
        }
    }
}
