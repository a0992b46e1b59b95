//! What the builder needs beside edits: an empty project, and saving drafts.

use domain::{
    access::Caller,
    api::ProjectDraft,
    stack::{Canvas, Stack},
};
use serde_json::json;

use super::{
    Projects,
    content::{content_of, read},
    error::ProjectError,
    name::ProjectName,
    write::Origin,
};

/// What the builder saves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaveDraft {
    /// The version it was based on.
    pub version: i32,
    pub compose: String,
    pub canvas: Canvas,
}

impl Projects {
    /// A project with an empty text.
    pub async fn create_empty(&self, caller: &Caller, name: &str) -> Result<ProjectDraft, ProjectError> {
        self.create_from_stack(caller, name, &Stack::default()).await
    }

    /// A project with the text and the canvas of `stack`.
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

    /// Never overwrites a concurrent save: the version is always compared.
    pub async fn save_draft(
        &self,
        caller: &Caller,
        id: i32,
        draft: SaveDraft,
    ) -> Result<ProjectDraft, ProjectError> {
        let limit = self.max_compose_bytes();
        let saved = self
            .change_stack(caller, id, Some(draft.version), move |_| read(&draft.compose, draft.canvas, limit))
            .await?;
        Ok(saved.0)
    }
}
