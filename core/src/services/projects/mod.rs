//! Projects: the stacks of users. This file reads them; each kind of write has a file of its own.

mod compose;
mod content;
mod create;
mod error;
mod follow;
mod from_form;
mod name;
mod save_draft;
mod sharing;
mod values;
mod vault;
mod write;

use std::sync::Arc;

use domain::{
    access::{Action, Caller, Resource, may},
    api::{Project, ProjectDraft, ProjectSummary},
};

pub use content::check_settings;
pub use error::{MAX_NAME_CHARACTERS, NameProblem, ProjectError};
pub use follow::VersionStream;
pub use save_draft::SaveDraft;
pub use sharing::{INVITATION_LIFETIME, SharingError};

pub(super) use values::texts;
pub(super) use vault::Vault;

use crate::{
    db::projects::{self, Which},
    services::{
        core::Core,
        open_streams::OpenStreams,
        page::{Listed, Page},
    },
};

/// The most projects on the start page; the others are found by searching.
const MAX_SUMMARIES: i64 = 500;

#[derive(Clone, Debug)]
pub struct Projects {
    core: Arc<Core>,
    /// How many event streams each account has open on this server.
    streams: OpenStreams,
}

impl Projects {
    pub(super) fn new(core: Arc<Core>) -> Self {
        Self { core, streams: OpenStreams::default() }
    }

    /// Projects that the caller owns or is a member of, ordered by id.
    pub async fn list(&self, caller: &Caller, page: Page) -> Result<Listed<Project>, ProjectError> {
        allow(caller, Resource::Project, Action::Read)?;
        self.page_of(&caller.user_id, Which::Shared, page).await
    }

    /// Projects of another user, for administrators.
    pub async fn list_of_user(
        &self,
        caller: &Caller,
        user_id: &str,
        page: Page,
    ) -> Result<Listed<Project>, ProjectError> {
        allow(caller, Resource::AnyProject, Action::Read)?;
        self.page_of(user_id, Which::Owned, page).await
    }

    /// For the start page: projects that the caller owns or is a member of, last changed first. `search` looks in names
    /// and service names and ignores case.
    pub async fn summaries(
        &self,
        caller: &Caller,
        search: Option<&str>,
    ) -> Result<Vec<ProjectSummary>, ProjectError> {
        allow(caller, Resource::Project, Action::Read)?;
        let search = search.unwrap_or_default().trim();
        Ok(projects::summaries(&self.core.pool, &caller.user_id, search, MAX_SUMMARIES).await?)
    }

    pub async fn get(&self, caller: &Caller, id: i32) -> Result<Project, ProjectError> {
        allow(caller, Resource::Project, Action::Read)?;
        projects::find(&self.core.pool, id, &caller.user_id).await?.ok_or(ProjectError::NotFound)
    }

    /// The draft that the builder loads.
    pub async fn get_draft(&self, caller: &Caller, id: i32) -> Result<ProjectDraft, ProjectError> {
        allow(caller, Resource::Project, Action::Read)?;
        projects::find_draft(&self.core.pool, id, &caller.user_id).await?.ok_or(ProjectError::NotFound)
    }

    /// The compose file, byte for byte.
    pub async fn compose(&self, caller: &Caller, id: i32) -> Result<String, ProjectError> {
        allow(caller, Resource::Project, Action::Read)?;
        projects::find_compose(&self.core.pool, id, &caller.user_id).await?.ok_or(ProjectError::NotFound)
    }

    /// The compose file of any project, for administrators.
    pub async fn compose_of_any(&self, caller: &Caller, id: i32) -> Result<String, ProjectError> {
        allow(caller, Resource::AnyProject, Action::Read)?;
        projects::find_compose_of_any(&self.core.pool, id).await?.ok_or(ProjectError::NotFound)
    }

    async fn page_of(
        &self,
        user_id: &str,
        which: Which,
        page: Page,
    ) -> Result<Listed<Project>, ProjectError> {
        let after = page.after.unwrap_or_default();
        let items = projects::list(&self.core.pool, user_id, which, after, page.rows()).await?;
        Ok(Listed::of(page, items, |project| project.id))
    }
}

fn allow(caller: &Caller, resource: Resource, action: Action) -> Result<(), ProjectError> {
    if may(caller, resource, action) { Ok(()) } else { Err(ProjectError::Forbidden) }
}
