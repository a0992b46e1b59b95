//! Follows a project: tells an open builder that somebody saved a newer version.

use domain::access::{Action, Caller, Resource};

use super::{ProjectError, Projects, allow};
use crate::{
    db::{Pool, projects},
    services::open_streams::OpenStream,
};

/// The versions of a project. Costs a query when it was saved, and none otherwise.
#[derive(Debug)]
pub struct VersionStream {
    pool: Pool,
    project: i32,
    user_id: String,
    /// The version that was returned last.
    after: i32,
    /// Whether the version was read since the stream was opened.
    has_begun: bool,
    open: OpenStream,
}

impl Projects {
    /// Follows a project from the version after `after`.
    pub async fn follow(
        &self,
        caller: &Caller,
        id: i32,
        after: Option<i32>,
    ) -> Result<VersionStream, ProjectError> {
        allow(caller, Resource::Project, Action::Read)?;
        if projects::version(&self.core.pool, id, &caller.user_id).await?.is_none() {
            return Err(ProjectError::NotFound);
        }
        // Subscribed before the version is read, so that no version is missed.
        let news = self.core.hub.project_versions(id);
        let open = self.streams.open(&caller.user_id, news, self.core.hub.stopping())?;
        Ok(VersionStream {
            pool: self.core.pool.clone(),
            project: id,
            user_id: caller.user_id.clone(),
            after: after.unwrap_or_default(),
            has_begun: false,
            open,
        })
    }
}

impl VersionStream {
    /// The newest version, once it is newer than the one before. `None`: the server stops, the stream has reached its time
    /// limit, or the caller can no longer see the project.
    pub async fn next(&mut self) -> anyhow::Result<Option<i32>> {
        loop {
            if std::mem::replace(&mut self.has_begun, true) && self.open.news().await.is_none() {
                return Ok(None);
            }
            match projects::version(&self.pool, self.project, &self.user_id).await? {
                None => return Ok(None),
                Some(version) if version > self.after => {
                    self.after = version;
                    return Ok(Some(version));
                }
                Some(_) => {}
            }
        }
    }
}
