//! Projects as compose text: import, replace, and edits over REST.

use domain::{
    access::Caller,
    api::{FieldError, ImportProject, Project, ProjectDraft},
    check::{Finding, check},
    stack::{Canvas, Edit, Stack},
};
use serde_json::json;

use super::{
    Projects,
    content::{content_of, read},
    error::ProjectError,
    name::ProjectName,
    write::Origin,
};

/// Each edit reads the text again.
const MAX_EDITS: usize = 200;

impl Projects {
    /// The text is kept as it is; findings come along and hinder nothing.
    pub async fn import(
        &self,
        caller: &Caller,
        import: ImportProject,
    ) -> Result<(Project, Vec<Finding>), ProjectError> {
        let name = ProjectName::parse(&import.name)?;
        let stack = read(&import.compose, Canvas::default(), self.max_compose_bytes())?;
        let content = content_of(name, &stack, None, json!({}), self.max_compose_bytes())?;
        let project = self.create(caller, content, Origin::default()).await?.into_project();
        Ok((project, check(&stack)))
    }

    pub async fn replace_compose(
        &self,
        caller: &Caller,
        id: i32,
        compose: &str,
        expected: Option<i32>,
    ) -> Result<(ProjectDraft, Vec<Finding>), ProjectError> {
        let new = read(compose, Canvas::default(), self.max_compose_bytes())?;
        let draft = self
            .change_stack(caller, id, expected, |stack| Ok(new.clone().with_canvas(stack.canvas().clone())))
            .await?;
        Ok((draft, check(&new)))
    }

    /// All edits or none.
    pub async fn apply_edits(
        &self,
        caller: &Caller,
        id: i32,
        expected: Option<i32>,
        edits: &[Edit],
    ) -> Result<(ProjectDraft, Vec<Finding>), ProjectError> {
        if edits.len() > MAX_EDITS {
            let message = format!("{} edits are too many at once, send {MAX_EDITS} at most", edits.len());
            return Err(ProjectError::Invalid {
                errors: vec![FieldError { field: "edits".to_owned(), message }],
            });
        }
        let mut findings = Vec::new();
        let draft = self
            .change_stack(caller, id, expected, |stack| {
                let edited = stack.apply_all(edits)?;
                findings = check(&edited);
                Ok(edited)
            })
            .await?;
        Ok((draft, findings))
    }

    /// Changes text and canvas, and what is computed from them.
    pub(super) async fn change_stack(
        &self,
        caller: &Caller,
        id: i32,
        expected: Option<i32>,
        change: impl FnOnce(&Stack) -> Result<Stack, ProjectError>,
    ) -> Result<ProjectDraft, ProjectError> {
        let limit = self.max_compose_bytes();
        let changed = self
            .change(caller, id, expected, |stored| {
                let before = stored.content.clone();
                let stack = change(&Stack::read(&before.compose).with_canvas(before.canvas))?;
                content_of(
                    ProjectName::stored(&before.name),
                    &stack,
                    before.form_extras,
                    before.request_json,
                    limit,
                )
            })
            .await?;
        Ok(changed.into_draft())
    }

    pub(super) fn max_compose_bytes(&self) -> usize {
        self.limits.compose_bytes
    }
}
