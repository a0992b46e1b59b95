//! Browses Docker Hub, and looks up single images while a person edits.

use std::time::{Duration, Instant};

use domain::{
    access::{Action, Caller},
    api::{ImageDetails, ImageTags},
    compose::ImageReference,
};

use super::{ImageError, Images, allow, credentials::OpenedCredentials, look_up::details};
use crate::connectors::docker_hub::{Namespace, Repository, Tag};

const PATIENCE: Duration = Duration::from_secs(10);
const MAX_TAGS: usize = 100;

impl Images {
    /// Namespaces whose repositories match `query`.
    pub async fn namespaces(
        &self,
        caller: &Caller,
        query: Option<&str>,
    ) -> Result<Vec<Namespace>, ImageError> {
        allow(caller, Action::Read)?;
        Ok(self.core.docker_hub.namespaces(query).await?)
    }

    pub async fn repositories(
        &self,
        caller: &Caller,
        namespace: &str,
        query: Option<&str>,
    ) -> Result<Vec<Repository>, ImageError> {
        allow(caller, Action::Read)?;
        Ok(self.core.docker_hub.repositories(namespace, query).await?)
    }

    pub async fn tags(
        &self,
        caller: &Caller,
        namespace: &str,
        repository: &str,
        query: Option<&str>,
    ) -> Result<Vec<Tag>, ImageError> {
        allow(caller, Action::Read)?;
        Ok(self.core.docker_hub.tags(namespace, repository, query).await?)
    }

    /// What its registry says about an image, asked with the caller's own credentials for all projects.
    pub async fn look_up(&self, caller: &Caller, image: &str) -> Result<ImageDetails, ImageError> {
        allow(caller, Action::Read)?;
        let image = ImageReference::read(image);
        let credentials = OpenedCredentials::of_account(&self.core, &caller.user_id).await?;
        let deadline = Instant::now() + PATIENCE;
        let facts = self.core.registry.look_up(&image, credentials.for_image(&image), deadline).await?;
        Ok(details(facts))
    }

    /// The tags of an image's repository that contain `search`, the newest versions first.
    pub async fn list_tags(
        &self,
        caller: &Caller,
        image: &str,
        search: &str,
    ) -> Result<ImageTags, ImageError> {
        allow(caller, Action::Read)?;
        let image = ImageReference::read(image);
        let credentials = OpenedCredentials::of_account(&self.core, &caller.user_id).await?;
        let deadline = Instant::now() + PATIENCE;
        let credential = credentials.for_image(&image);
        let page = self.core.registry.list_tags(&image, credential, search, MAX_TAGS, deadline).await?;
        Ok(ImageTags { tags: page.tags, found: page.found, is_complete: page.is_complete })
    }
}
