//! Shares a cloud with projects: their operators may then deploy with it, without seeing its secrets.

use std::collections::BTreeSet;

use domain::{
    access::{Action, Caller, ProjectRole, Resource, may},
    api::FieldError,
    cloud::{CloudItem, OfferedCloud},
};

use super::{CloudError, Clouds, allow, shown};
use crate::db::{
    clouds::shares,
    projects::{self, ToDeploy},
};

/// The most projects that one cloud is shared with.
const MAX_PROJECTS: usize = 1_000;

impl Clouds {
    /// Shares a cloud with exactly these projects, which must be the caller's own.
    pub async fn share(
        &self,
        caller: &Caller,
        id: i32,
        projects: &BTreeSet<i32>,
    ) -> Result<CloudItem, CloudError> {
        allow(caller, Action::Update)?;
        let wrong = |message: String| CloudError::Invalid {
            errors: vec![FieldError { field: "projects".to_owned(), message }],
        };
        if projects.len() > MAX_PROJECTS {
            return Err(wrong(format!("must be at most {MAX_PROJECTS} ids")));
        }
        let projects: Vec<i32> = projects.iter().copied().collect();
        let mut transaction = self.core.pool.begin().await?;
        let cloud = self.own(&mut transaction, caller, id).await?;
        if !shares::replace(&mut transaction, id, &caller.user_id, &projects).await? {
            return Err(wrong("must be ids of your own projects".to_owned()));
        }
        self.audit(&mut transaction, caller, "cloud.shared", &cloud).await?;
        let cloud = self.own(&mut transaction, caller, id).await?;
        transaction.commit().await?;
        Ok(shown(cloud))
    }

    /// The clouds that the caller can deploy a project with: their own for the owner, otherwise the shared ones of the owner.
    pub async fn offered(&self, caller: &Caller, project_id: i32) -> Result<Vec<OfferedCloud>, CloudError> {
        let project = self.deployable(caller, project_id).await?;
        Ok(shares::offered(&self.core.pool, project_id, &project.owner, &caller.user_id).await?)
    }

    /// A project that the caller may deploy.
    pub(super) async fn deployable(&self, caller: &Caller, project_id: i32) -> Result<ToDeploy, CloudError> {
        if !may(caller, Resource::Deployment, Action::Create) {
            return Err(CloudError::Forbidden);
        }
        let project = projects::find_to_deploy(&self.core.pool, project_id, &caller.user_id).await?;
        let project = project.ok_or(CloudError::NotFound("project"))?;
        project.role.require(ProjectRole::Operator)?;
        Ok(project)
    }
}
