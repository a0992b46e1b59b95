//! Invitations: a code for one use that the owner passes on. The database stores its hash.

use chrono::TimeDelta;
use domain::{
    access::{Caller, ProjectRole},
    api::{Invitation, Joined},
};
use secrecy::ExposeSecret as _;
use serde_json::json;
use uuid::Uuid;

use super::{Projects, SharingError, allow_sharing, check_given};
use crate::{
    crypto::{random_secret, token_hash},
    db::projects::{
        project_invitations,
        project_members::{self, NewMember},
    },
};

pub const INVITATION_LIFETIME: TimeDelta = TimeDelta::days(7);
/// Lets secret scanners and people recognise an invitation code.
const PREFIX: &str = "stki_";
/// The most members of one project.
const MAX_MEMBERS: u32 = 100;
/// The most open invitations of one project.
const MAX_INVITATIONS: u32 = 20;

impl Projects {
    /// Creates an invitation. The answer contains its code, which is shown only once.
    pub async fn invite(
        &self,
        caller: &Caller,
        id: i32,
        role: ProjectRole,
    ) -> Result<Invitation, SharingError> {
        allow_sharing(caller)?;
        check_given(role)?;
        let now = self.core.context.clock.now();
        let code = random_secret(self.core.context.random.as_ref(), PREFIX);
        let invitation = Invitation {
            id: self.core.context.random.uuid_v7(now),
            role,
            code: Some(code.expose_secret().to_owned()),
            created_at: now,
            expires_at: now + INVITATION_LIFETIME,
        };
        let mut transaction = self.core.pool.begin().await?;
        self.lock_sharing(&mut transaction, caller, id, ProjectRole::Owner).await?;
        if project_invitations::count(&mut transaction, id, now).await? >= i64::from(MAX_INVITATIONS) {
            return Err(SharingError::TooManyInvitations { limit: MAX_INVITATIONS });
        }
        project_members::set_owner_name(&mut transaction, id, caller).await?;
        let hash = token_hash(code.expose_secret());
        project_invitations::insert(&mut transaction, id, &hash, &invitation).await?;
        let details = json!({"project_id": id, "invitation_id": invitation.id, "role": role});
        self.audit_sharing(&mut transaction, caller, &caller.user_id, "project.invited", details).await?;
        transaction.commit().await?;
        Ok(invitation)
    }

    /// Withdraws an invitation. Its code no longer works.
    pub async fn withdraw_invitation(
        &self,
        caller: &Caller,
        id: i32,
        invitation: Uuid,
    ) -> Result<(), SharingError> {
        allow_sharing(caller)?;
        let mut transaction = self.core.pool.begin().await?;
        self.lock_sharing(&mut transaction, caller, id, ProjectRole::Owner).await?;
        if !project_invitations::delete(&mut transaction, id, invitation).await? {
            return Err(SharingError::NoSuchInvitation);
        }
        let details = json!({"project_id": id, "invitation_id": invitation});
        self.audit_sharing(
            &mut transaction,
            caller,
            &caller.user_id,
            "project.invitation_withdrawn",
            details,
        )
        .await?;
        Ok(transaction.commit().await?)
    }

    /// Makes the caller a member and uses up the code. An existing member gets the role of the code.
    pub async fn join(&self, caller: &Caller, code: &str) -> Result<Joined, SharingError> {
        allow_sharing(caller)?;
        let now = self.core.context.clock.now();
        let mut transaction = self.core.pool.begin().await?;
        let taken = project_invitations::take(&mut transaction, &token_hash(code.trim()), now)
            .await?
            .ok_or(SharingError::InvitationInvalid)?;
        let id = taken.project_id;
        if taken.owner == caller.user_id {
            return Err(SharingError::OwnerStays);
        }
        let new = NewMember {
            project_id: id,
            user_id: &caller.user_id,
            name: &caller.name,
            email: caller.email.as_deref(),
            role: taken.role,
            now,
        };
        project_members::insert(&mut transaction, new).await?;
        if project_members::count(&mut transaction, id).await? > i64::from(MAX_MEMBERS) {
            return Err(SharingError::TooManyMembers { limit: MAX_MEMBERS });
        }
        let details = json!({"project_id": id, "role": taken.role});
        self.audit_sharing(&mut transaction, caller, &taken.owner, "project.joined", details).await?;
        transaction.commit().await?;
        Ok(Joined { project_id: id, project_name: taken.project_name, role: taken.role })
    }
}
