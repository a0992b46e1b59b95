//! The history: what was planned and deployed, with its text.

use domain::{
    access::{Action, Caller},
    api::{Revision, RevisionSummary},
};

use super::{Deployments, allow, error::DeploymentError};
use crate::{
    db::deployments::{self, deployment_revisions},
    services::page::{Listed, Page},
};

impl Deployments {
    /// Lists revisions, newest first. `after` of a page is the smallest number of the previous page.
    pub async fn revisions(
        &self,
        caller: &Caller,
        hash: &str,
        page: Page,
    ) -> Result<Listed<RevisionSummary>, DeploymentError> {
        allow(caller, Action::Read)?;
        let id = deployments::id_of(&self.core.pool, hash, &caller.user_id)
            .await?
            .ok_or(DeploymentError::NotFound("deployment"))?;
        let items = deployment_revisions::list(&self.core.pool, id, page.after, page.rows()).await?;
        Ok(Listed::of(page, items, |revision| revision.number))
    }

    /// One revision with its text.
    pub async fn revision(
        &self,
        caller: &Caller,
        hash: &str,
        number: i32,
    ) -> Result<Revision, DeploymentError> {
        allow(caller, Action::Read)?;
        let mut connection = self.core.pool.acquire().await?;
        deployment_revisions::find_of(&mut connection, hash, &caller.user_id, number)
            .await?
            .ok_or(DeploymentError::NotFound("revision"))
    }
}
