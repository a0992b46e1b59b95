//! Browses Docker Hub.

use domain::access::{Action, Caller};

use super::{ImageError, Images, allow};
use crate::connectors::docker_hub::{Namespace, Repository, Tag};

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
}
