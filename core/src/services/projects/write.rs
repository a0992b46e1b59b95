//! The two transactions that every write goes through, and the writes that do not concern the text.

use domain::{
    access::{Action, Caller, ProjectRole, Resource, may},
    api::ProjectDraft,
    stack::Values,
};
use serde_json::json;
use uuid::Uuid;

use super::{
    Projects, allow,
    content::{compute, with_stack_code},
    error::ProjectError,
    name::ProjectName,
    values::{Former, Holder},
};
use crate::{
    db::{
        audit_log::{self, AuditEntry},
        projects::{self, Content, DeleteOutcome, NewProject, Stored, project_values},
    },
    services::account::{AccountLimit, StoredBefore, room_for_one},
};

/// Where a new project came from.
#[derive(Clone, Debug, Default)]
pub(super) struct Origin {
    pub template: Option<Uuid>,
    pub template_version: Option<String>,
}

impl Projects {
    pub async fn rename(&self, caller: &Caller, id: i32, name: &str) -> Result<ProjectDraft, ProjectError> {
        let name = ProjectName::parse(name)?.into_string();
        let (renamed, ()) = self
            .change(caller, id, None, move |stored| {
                let mut content = stored.content.clone();
                content.metadata = with_stack_code(content.metadata, &name);
                content.name = name;
                Ok((content, ()))
            })
            .await?;
        Ok(renamed.into_draft())
    }

    /// Creates a second project with the same text, canvas and form, and a new `stack_id`. The values of its variables are copied
    /// only for callers who may see them.
    pub async fn duplicate(&self, caller: &Caller, id: i32) -> Result<ProjectDraft, ProjectError> {
        allow(caller, Resource::Project, Action::Create)?;
        let mut transaction = self.core.pool.begin().await.map_err(anyhow::Error::from)?;
        let original = projects::find_locked(&mut transaction, id, &caller.user_id)
            .await?
            .ok_or(ProjectError::NotFound)?;
        let sealed = project_values::find_sealed(&mut transaction, id).await?;
        drop(transaction);

        let mut content = original.content;
        let is_shown =
            original.role >= ProjectRole::Editor && may(caller, Resource::ProjectValues, Action::Read);
        content.values = if is_shown {
            self.copied_values(id, &content.values, sealed.as_deref())?
        } else {
            Values::default()
        };
        content.name = ProjectName::of_copy(&content.name).into_string();
        content.metadata = with_stack_code(content.metadata, &content.name);
        let origin =
            Origin { template: original.source_template_id, template_version: original.template_version };
        Ok(self.create(caller, content, origin).await?.into_draft())
    }

    /// Deletes a project with its ended deployments. Refused while a deployment is live. `confirm_name`: the project's name, when
    /// the user was asked to type it.
    pub async fn delete(
        &self,
        caller: &Caller,
        id: i32,
        confirm_name: Option<&str>,
    ) -> Result<(), ProjectError> {
        allow(caller, Resource::Project, Action::Delete)?;
        let mut transaction = self.core.pool.begin().await.map_err(anyhow::Error::from)?;
        let stored = projects::find_locked(&mut transaction, id, &caller.user_id)
            .await?
            .ok_or(ProjectError::NotFound)?;
        stored.role.require(ProjectRole::Owner)?;
        self.core.confirm_names.check(&stored.content.name, confirm_name)?;
        match projects::delete(&mut transaction, id).await? {
            DeleteOutcome::HasLiveDeployments => return Err(ProjectError::HasDeployments),
            DeleteOutcome::Deleted => {}
        }
        projects::wake_followers(&mut transaction, id).await?;
        let entry = AuditEntry {
            owner_id: Some(&stored.user_id),
            details: json!({"project_id": id, "name": stored.content.name}),
            ..self.core.context.audited_by(caller, "project.deleted")
        };
        audit_log::record(&mut transaction, entry).await?;
        Ok(transaction.commit().await.map_err(anyhow::Error::from)?)
    }

    /// Creates a project. The limit of its owner holds even if several projects are created at once.
    pub(super) async fn create(
        &self,
        caller: &Caller,
        content: Content,
        origin: Origin,
    ) -> Result<Stored, ProjectError> {
        allow(caller, Resource::Project, Action::Create)?;
        let mut transaction = self.core.pool.begin().await.map_err(anyhow::Error::from)?;
        projects::lock_owner(&mut transaction, &caller.user_id).await?;
        let used = projects::count_of_owner(&mut transaction, &caller.user_id).await?;
        let reached = |used, limit| AccountLimit::Projects { used, limit };
        room_for_one(used, self.core.limits.max_projects, reached)?;
        let before = StoredBefore::of(&mut transaction, &self.core.limits, &caller.user_id).await?;
        let new = NewProject {
            stack_id: self.core.context.random.uuid_v4(),
            user_id: &caller.user_id,
            content: &content,
            source_template_id: origin.template,
            template_version: origin.template_version.as_deref(),
            now: self.core.context.clock.now(),
        };
        let mut stored = projects::insert(&mut transaction, new).await?;
        let holder = Holder { id: stored.id, owner: &stored.user_id, stored: &stored.content.values };
        stored.content.values =
            self.keep_values(&mut transaction, caller, holder, &content.values, Former::Kept).await?;
        before.is_kept::<ProjectError>(&mut transaction, &caller.user_id).await?;
        let entry = AuditEntry {
            owner_id: Some(&stored.user_id),
            details: json!({"project_id": stored.id, "name": stored.content.name}),
            ..self.core.context.audited_by(caller, "project.created")
        };
        audit_log::record(&mut transaction, entry).await?;
        transaction.commit().await.map_err(anyhow::Error::from)?;
        Ok(stored)
    }

    /// Changes a project. `expected` is the version that the change is based on; `None` accepts any version. The second value
    /// that `change` returns is passed on to the caller.
    pub(super) async fn change<T: Send + 'static>(
        &self,
        caller: &Caller,
        id: i32,
        expected: Option<i32>,
        change: impl FnOnce(&Stored) -> Result<(Content, T), ProjectError> + Send + 'static,
    ) -> Result<(Stored, T), ProjectError> {
        self.change_values(caller, id, expected, Former::Kept, change).await
    }

    /// The same, with a choice of what becomes of values that it replaces.
    pub(super) async fn change_values<T: Send + 'static>(
        &self,
        caller: &Caller,
        id: i32,
        expected: Option<i32>,
        former: Former<'_>,
        change: impl FnOnce(&Stored) -> Result<(Content, T), ProjectError> + Send + 'static,
    ) -> Result<(Stored, T), ProjectError> {
        allow(caller, Resource::Project, Action::Update)?;
        let mut transaction = self.core.pool.begin().await.map_err(anyhow::Error::from)?;
        let stored = projects::find_locked(&mut transaction, id, &caller.user_id)
            .await?
            .ok_or(ProjectError::NotFound)?;
        stored.role.require(ProjectRole::Editor)?;
        if expected.is_some_and(|expected| expected != stored.version) {
            return Err(ProjectError::VersionConflict { current: Box::new(stored.into_draft()) });
        }
        let (stored, (content, beside)) = compute(move || {
            let changed = change(&stored)?;
            Ok((stored, changed))
        })
        .await?;
        let owner = stored.user_id.clone();
        let before = StoredBefore::of(&mut transaction, &self.core.limits, &owner).await?;
        let changed =
            projects::update(&mut transaction, &stored, &content, self.core.context.clock.now()).await?;
        let stored_values = stored.content.values.clone();
        let Some(mut changed) = changed else {
            return Err(ProjectError::VersionConflict { current: Box::new(stored.into_draft()) });
        };
        let holder = Holder { id, owner: &owner, stored: &stored_values };
        changed.content.values =
            self.keep_values(&mut transaction, caller, holder, &content.values, former).await?;
        before.is_kept::<ProjectError>(&mut transaction, &owner).await?;
        projects::wake_followers(&mut transaction, id).await?;
        transaction.commit().await.map_err(anyhow::Error::from)?;
        Ok((changed, beside))
    }
}
