//! What registries say about the images of a project that is about to be deployed.

use std::collections::BTreeMap;

use domain::{
    access::{Action, Caller},
    api::ImagesBeforeDeploying,
    cloud::Secret,
};

use super::{Deployments, allow, deploy::Subject, error::DeploymentError, stack::check_deployable};
use crate::services::images::{BeforeDeploying, before_deploying};

impl Deployments {
    /// Tells a person, before they choose where to deploy to, what a deployment would say about the images. It takes 3 s at most,
    /// and refuses nothing.
    pub async fn look_at_images(
        &self,
        caller: &Caller,
        project_id: i32,
    ) -> Result<ImagesBeforeDeploying, DeploymentError> {
        allow(caller, Action::Create)?;
        let subject = self.subject(caller, project_id).await?;
        let read = check_deployable(subject.compose.clone()).await?;
        let values = self.values_of(&subject, &read)?.secrets();
        Ok(self.images(caller, &subject, values).await?.into())
    }

    pub(super) async fn images(
        &self,
        caller: &Caller,
        subject: &Subject,
        values: BTreeMap<String, Secret>,
    ) -> anyhow::Result<BeforeDeploying> {
        let project = (subject.owner.as_str(), subject.id);
        before_deploying(&self.core, project, &caller.user_id, subject.compose.clone(), values).await
    }
}
