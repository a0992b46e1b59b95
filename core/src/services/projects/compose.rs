//! Projects as compose text: import, replacement, and edits over REST.

use domain::{
    access::Caller,
    api::{FieldError, ImportProject, Project, ProjectDraft},
    check::{Finding, report},
    stack::{Canvas, Edit, Stack},
};
use serde_json::json;

use super::{
    Projects,
    content::{compute, content_of, read, stack_of},
    error::ProjectError,
    name::ProjectName,
    write::Origin,
};

/// The most edits of one request: each edit reads the text again.
const MAX_EDITS: usize = 200;

impl Projects {
    /// Creates a project from a compose file. The text is stored unchanged; findings are returned and prevent nothing.
    pub async fn import(
        &self,
        caller: &Caller,
        import: ImportProject,
    ) -> Result<(Project, Vec<Finding>), ProjectError> {
        let limit = self.max_compose_bytes();
        let (content, findings) = compute(move || {
            let name = ProjectName::parse(&import.name)?;
            let stack = read(&import.compose, Canvas::default(), limit)?;
            Ok((content_of(name, &stack, None, json!({}), limit)?, findings_of(&stack)))
        })
        .await?;
        Ok((self.create(caller, content, Origin::default()).await?.into_project(), findings))
    }

    pub async fn replace_compose(
        &self,
        caller: &Caller,
        id: i32,
        compose: &str,
        expected: Option<i32>,
    ) -> Result<(ProjectDraft, Vec<Finding>), ProjectError> {
        let (compose, limit) = (compose.to_owned(), self.max_compose_bytes());
        self.change_stack(caller, id, expected, move |stack| {
            Ok(read(&compose, stack.canvas().clone(), limit)?.with_values(stack.values().clone()))
        })
        .await
    }

    /// Applies all edits or none.
    pub async fn apply_edits(
        &self,
        caller: &Caller,
        id: i32,
        expected: Option<i32>,
        edits: &[Edit],
    ) -> Result<(ProjectDraft, Vec<Finding>), ProjectError> {
        if edits.len() > MAX_EDITS {
            let message =
                format!("{} edits are too many for one request: send at most {MAX_EDITS}", edits.len());
            return Err(ProjectError::Invalid {
                errors: vec![FieldError { field: "edits".to_owned(), message }],
            });
        }
        let edits = edits.to_vec();
        self.change_stack(caller, id, expected, move |stack| Ok(stack.apply_all(&edits)?)).await
    }

    /// Changes text and canvas, and what is derived from them. The findings are those of the new text.
    pub(super) async fn change_stack(
        &self,
        caller: &Caller,
        id: i32,
        expected: Option<i32>,
        change: impl FnOnce(&Stack) -> Result<Stack, ProjectError> + Send + 'static,
    ) -> Result<(ProjectDraft, Vec<Finding>), ProjectError> {
        let limit = self.max_compose_bytes();
        let (changed, findings) = self
            .change(caller, id, expected, move |stored| {
                let before = stored.content.clone();
                let stack = change(&stack_of(&before))?;
                let name = ProjectName::stored(&before.name);
                let content = content_of(name, &stack, before.form_extras, before.request_json, limit)?;
                Ok((content, findings_of(&stack)))
            })
            .await?;
        Ok((changed.into_draft(), findings))
    }

    pub(super) fn max_compose_bytes(&self) -> usize {
        self.core.limits.compose_bytes
    }
}

/// With the settings of the project. They change only what is reported.
fn findings_of(stack: &Stack) -> Vec<Finding> {
    report(stack, &stack.canvas().checks).findings
}
