//! The members of a project: they join with a code, get the role it names, and can leave. Only the owner manages them.

mod error;
mod invite;
mod transfer;

use domain::{
    access::{Action, Caller, ProjectRole, Resource, may},
    api::{Member, Sharing},
};
use serde_json::{Value, json};
use sqlx::PgConnection;

pub use error::SharingError;
pub use invite::INVITATION_LIFETIME;

use super::Projects;
use crate::db::{
    audit_log::{self, AuditEntry},
    deployments::deployment_events,
    projects::{
        project_invitations,
        project_members::{self, Place},
        wake_followers,
    },
};

impl Projects {
    pub async fn sharing(&self, caller: &Caller, id: i32) -> Result<Sharing, SharingError> {
        allow(caller, Action::Read, Resource::Project)?;
        let Place { name, owner, role } = project_members::place(&self.core.pool, id, &caller.user_id)
            .await?
            .ok_or(SharingError::NotFound)?;
        let invitations = match role {
            ProjectRole::Owner => {
                project_invitations::list(&self.core.pool, id, self.core.context.clock.now()).await?
            }
            ProjectRole::Viewer | ProjectRole::Operator | ProjectRole::Editor => Vec::new(),
        };
        let members = project_members::list(&self.core.pool, id).await?;
        let you = caller.user_id.clone();
        Ok(Sharing { project_id: id, project_name: name, owner, you, role, members, invitations })
    }

    /// Changes the role of a member.
    pub async fn set_role(
        &self,
        caller: &Caller,
        id: i32,
        user_id: &str,
        role: ProjectRole,
    ) -> Result<Member, SharingError> {
        allow_sharing(caller)?;
        check_given(role)?;
        let no_such = SharingError::NoSuchMember;
        let mut transaction = self.core.pool.begin().await?;
        let place = self.lock_sharing(&mut transaction, caller, id, ProjectRole::Owner).await?;
        let member = project_members::set_role(&mut transaction, id, user_id, role).await?.ok_or(no_such)?;
        let details = json!({"project_id": id, "member": user_id, "role": role});
        let owner = &place.owner.user_id;
        self.audit_sharing(&mut transaction, caller, owner, "project.role_changed", details).await?;
        transaction.commit().await?;
        Ok(member)
    }

    /// The owner removes a member, or a member leaves. Their open event streams of the project end.
    pub async fn remove_member(&self, caller: &Caller, id: i32, user_id: &str) -> Result<(), SharingError> {
        allow_sharing(caller)?;
        let leaves = user_id == caller.user_id;
        let least = if leaves { ProjectRole::Viewer } else { ProjectRole::Owner };
        let mut transaction = self.core.pool.begin().await?;
        let place = self.lock_sharing(&mut transaction, caller, id, least).await?;
        if place.owner.user_id == user_id {
            return Err(SharingError::OwnerStays);
        }
        let name = project_members::delete(&mut transaction, id, user_id)
            .await?
            .ok_or(SharingError::NoSuchMember)?;
        let action = if leaves { "project.left" } else { "project.member_removed" };
        let details = json!({"project_id": id, "member": user_id, "name": name});
        self.audit_sharing(&mut transaction, caller, &place.owner.user_id, action, details).await?;
        deployment_events::wake_listeners(&mut transaction, id).await?;
        wake_followers(&mut transaction, id).await?;
        Ok(transaction.commit().await?)
    }

    /// Locks the members of the project, so that no other transaction changes them until this one ends.
    async fn lock_sharing(
        &self,
        connection: &mut PgConnection,
        caller: &Caller,
        id: i32,
        least: ProjectRole,
    ) -> Result<Place, SharingError> {
        let place =
            project_members::lock(connection, id, &caller.user_id).await?.ok_or(SharingError::NotFound)?;
        place.role.require(least)?;
        Ok(place)
    }

    async fn audit_sharing(
        &self,
        connection: &mut PgConnection,
        caller: &Caller,
        owner: &str,
        action: &'static str,
        details: Value,
    ) -> anyhow::Result<()> {
        let owner_id = Some(owner);
        let entry = AuditEntry { owner_id, details, ..self.core.context.audited_by(caller, action) };
        audit_log::record(connection, entry).await
    }
}

/// Sharing gives access to a project, so a scope that only deploys does not allow it.
fn allow_sharing(caller: &Caller) -> Result<(), SharingError> {
    allow(caller, Action::Update, Resource::Project)?;
    allow(caller, Action::Update, Resource::Access)
}

fn allow(caller: &Caller, action: Action, resource: Resource) -> Result<(), SharingError> {
    if may(caller, resource, action) { Ok(()) } else { Err(SharingError::Forbidden) }
}

fn check_given(role: ProjectRole) -> Result<(), SharingError> {
    if ProjectRole::GIVEN.contains(&role) { Ok(()) } else { Err(SharingError::RoleNotGiven) }
}
