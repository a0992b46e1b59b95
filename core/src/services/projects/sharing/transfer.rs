//! Transfers a project: a member becomes its owner, and the previous owner stays as an editor.

use domain::{
    access::{Caller, ProjectRole},
    api::{Sharing, TransferProject},
    confirm::ConfirmNames,
};
use serde_json::json;

use super::{Projects, SharingError, allow_sharing};
use crate::{
    db::{
        deployments::deployment_events,
        projects::{
            self, project_invitations,
            project_members::{self, NewMember},
        },
    },
    services::account::{AccountLimit, StoredBefore, room_for_one},
};

impl Projects {
    /// Transfers a project. Refused while it is live on hosts of its owner, because the hosts stay with that owner. Deployments
    /// with legacy agents move with the project; open invitations are withdrawn.
    pub async fn transfer(
        &self,
        caller: &Caller,
        id: i32,
        request: TransferProject,
    ) -> Result<Sharing, SharingError> {
        allow_sharing(caller)?;
        let TransferProject { user_id, confirm_name } = request;
        let mut transaction = self.core.pool.begin().await?;
        // Locks the new owner before the project, the same order as when a project is created.
        projects::lock_owner(&mut transaction, &user_id).await?;
        let place = self.lock_sharing(&mut transaction, caller, id, ProjectRole::Owner).await?;
        ConfirmNames::Always.check(&place.name, Some(&confirm_name))?;
        let name = project_members::delete(&mut transaction, id, &user_id)
            .await?
            .ok_or(SharingError::NoSuchMember)?;
        if project_members::is_on_hosts(&mut transaction, id).await? {
            return Err(SharingError::OnHosts);
        }
        let used = projects::count_of_owner(&mut transaction, &user_id).await?;
        room_for_one(used, self.core.limits.max_projects, |used, limit| AccountLimit::Projects {
            used,
            limit,
        })?;
        let stored = StoredBefore::of(&mut transaction, &self.core.limits, &user_id).await?;
        project_members::set_owner(&mut transaction, id, &user_id, &name).await?;
        stored.is_kept::<SharingError>(&mut transaction, &user_id).await?;
        let before = NewMember {
            project_id: id,
            user_id: &caller.user_id,
            name: &caller.name,
            email: caller.email.as_deref(),
            role: ProjectRole::Editor,
            now: self.core.context.clock.now(),
        };
        project_members::insert(&mut transaction, before).await?;
        project_invitations::delete_all(&mut transaction, id).await?;
        let details = json!({"project_id": id, "to": user_id});
        self.audit_sharing(&mut transaction, caller, &user_id, "project.transferred", details).await?;
        deployment_events::wake_listeners(&mut transaction, id).await?;
        projects::wake_followers(&mut transaction, id).await?;
        transaction.commit().await?;
        self.sharing(caller, id).await
    }
}
