//! How the builder starts a project: empty, or from an existing stack.

use domain::{access::Caller, api::ProjectDraft, stack::Stack};
use serde_json::json;

use super::{Projects, content::content_of, error::ProjectError, name::ProjectName, write::Origin};

impl Projects {
    /// Creates a project with an empty text.
    pub async fn create_empty(&self, caller: &Caller, name: &str) -> Result<ProjectDraft, ProjectError> {
        self.create_from_stack(caller, name, &Stack::default()).await
    }

    /// Creates a project with the text and the canvas of `stack`.
    pub async fn create_from_stack(
        &self,
        caller: &Caller,
        name: &str,
        stack: &Stack,
    ) -> Result<ProjectDraft, ProjectError> {
        let name = ProjectName::parse(name)?;
        let content = content_of(name, stack, None, json!({}), self.max_compose_bytes())?;
        Ok(self.create(caller, content, Origin::default()).await?.into_draft())
    }
}
