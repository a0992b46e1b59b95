//! Follows the hosts of an account: as they are now, and again whenever one of them has changed.

use domain::{
    access::{Action, Caller, ProjectRole, Resource, may},
    api::HostLists,
};

use super::{HostError, Hosts, allow};
use crate::{
    db::{agents::hosts, projects::project_members},
    services::open_streams::OpenStream,
};

/// Which hosts to follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhoseHosts {
    /// The caller's own.
    Own,
    /// Those that a project can be deployed to: of the project's owner, for operators of the project.
    OfProject(i32),
}

/// Costs one query, or two for the caller's own hosts, when something has changed, and none otherwise.
#[derive(Debug)]
pub struct HostStream {
    hosts: Hosts,
    caller: Caller,
    whose: WhoseHosts,
    owner: String,
    /// Whether the hosts were read at all.
    has_begun: bool,
    open: OpenStream,
}

impl Hosts {
    pub async fn follow(&self, caller: &Caller, whose: WhoseHosts) -> Result<HostStream, HostError> {
        let owner = self.owner_of(caller, whose).await?;
        // Subscribed before anything is read, so that no change is missed.
        let news = self.core.hub.host_events(&owner);
        let open = self.core.host_streams.open(&caller.user_id, news, self.core.hub.stopping())?;
        Ok(HostStream { hosts: self.clone(), caller: caller.clone(), whose, owner, has_begun: false, open })
    }

    /// The owner of the hosts, if the caller may see them.
    pub(super) async fn owner_of(&self, caller: &Caller, whose: WhoseHosts) -> Result<String, HostError> {
        let project_id = match whose {
            WhoseHosts::Own => {
                allow(caller, Action::Read)?;
                return Ok(caller.user_id.clone());
            }
            WhoseHosts::OfProject(id) => id,
        };
        if !may(caller, Resource::Project, Action::Read) {
            return Err(HostError::Forbidden);
        }
        let place = project_members::place(&self.core.pool, project_id, &caller.user_id).await?;
        let place = place.ok_or(HostError::NotFound("project"))?;
        place.role.require(ProjectRole::Operator)?;
        Ok(place.owner.user_id)
    }
}

impl HostStream {
    /// All hosts: at once the first time, then after each change. Among the caller's own are provisional ones, which a page still
    /// adds, and machines that the install service set up. `None`: the server stops, the stream has reached its time limit, or the
    /// caller may no longer see the hosts.
    pub async fn next(&mut self) -> anyhow::Result<Option<HostLists>> {
        if self.has_begun {
            if self.open.news().await.is_none() {
                return Ok(None);
            }
            match self.hosts.owner_of(&self.caller, self.whose).await {
                Ok(owner) if owner == self.owner => {}
                Err(HostError::Internal(error)) => return Err(error),
                Ok(_) | Err(_) => return Ok(None),
            }
        }
        self.has_begun = true;
        let pool = &self.hosts.core.pool;
        let mut list = hosts::list(pool, &self.owner).await?;
        if self.owner != self.caller.user_id {
            list.retain(|host| !host.is_provisional);
        }
        let machines = match self.whose {
            WhoseHosts::Own => hosts::machines(pool, &self.owner).await?,
            WhoseHosts::OfProject(_) => Vec::new(),
        };
        Ok(Some(HostLists { hosts: list, machines }))
    }
}
