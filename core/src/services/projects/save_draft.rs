//! Saves what people edit in the builder: text and canvas, against the version that they are based on.

use domain::{
    access::{Action, Caller, ProjectRole, Resource},
    stack::{Canvas, Values},
};

use super::{
    Projects, allow,
    content::{compute, draft_of, read},
    error::ProjectError,
    values::{Former, Holder},
};
use crate::{db::projects, services::account::StoredBefore};

/// What the builder saves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaveDraft {
    /// The version that text and canvas are based on.
    pub version: i32,
    pub compose: String,
    pub canvas: Canvas,
    /// What has just been typed or generated, and the numbers of what is stored.
    pub values: Values,
}

impl Projects {
    /// Saves text and canvas, and returns the new version. Never overwrites what another user saved meanwhile: the version is
    /// always compared, and the error contains the current draft. Findings do not matter here, so no check rule runs.
    pub async fn save_draft(&self, caller: &Caller, id: i32, draft: SaveDraft) -> Result<i32, ProjectError> {
        allow(caller, Resource::Project, Action::Update)?;
        let mut transaction = self.core.pool.begin().await.map_err(anyhow::Error::from)?;
        let base = projects::find_draft_base(&mut transaction, id, &caller.user_id)
            .await?
            .ok_or(ProjectError::NotFound)?;
        base.role.require(ProjectRole::Editor)?;
        if base.version != draft.version {
            let current = projects::find_draft(&mut *transaction, id, &caller.user_id)
                .await?
                .ok_or(ProjectError::NotFound)?;
            return Err(ProjectError::VersionConflict { current: Box::new(current) });
        }
        let limit = self.max_compose_bytes();
        let (name, form_extras) = (base.name, base.form_extras);
        let content = compute(move || {
            let stack = read(&draft.compose, draft.canvas, limit)?.with_values(draft.values);
            draft_of(&name, &stack, form_extras.as_ref(), limit)
        })
        .await?;
        let before = StoredBefore::of(&mut transaction, &self.core.limits, &base.owner).await?;
        let now = self.core.context.clock.now();
        let version = projects::save_draft(&mut transaction, id, &content, now).await?;
        let holder = Holder { id, owner: &base.owner, stored: &base.values };
        self.keep_values(&mut transaction, caller, holder, &content.values, Former::Kept).await?;
        before.is_kept::<ProjectError>(&mut transaction, &base.owner).await?;
        projects::wake_followers(&mut transaction, id).await?;
        transaction.commit().await.map_err(anyhow::Error::from)?;
        Ok(version)
    }
}
