//! Why a use case of sharing failed. After an error nothing has changed.

use domain::{
    access::LacksRole,
    confirm::NotConfirmed,
    problem::{Problem, ProblemKind, UseCaseError},
};

use crate::services::AccountLimit;

#[derive(Debug, thiserror::Error)]
pub enum SharingError {
    /// Also returned for a project that the caller is not allowed to see, so that its existence stays hidden.
    #[error("project not found")]
    NotFound,
    #[error("your role or the scope of your credentials does not allow this")]
    Forbidden,
    #[error(transparent)]
    LacksRole(#[from] LacksRole),
    #[error("this project has no such member")]
    NoSuchMember,
    #[error("the invitation does not exist or was already used")]
    NoSuchInvitation,
    /// Also returned for a code that was used, was withdrawn or has expired: the answer is the same.
    #[error("this code is invalid, used or expired: ask for a new one")]
    InvitationInvalid,
    #[error(
        "a member can be a viewer, an operator or an editor: to make someone the owner, transfer the project"
    )]
    RoleNotGiven,
    #[error("the owner cannot leave the project: transfer it first")]
    OwnerStays,
    #[error("this project has {limit} members, which is the limit")]
    TooManyMembers { limit: u32 },
    #[error("this project has {limit} open invitations, which is the limit: withdraw one")]
    TooManyInvitations { limit: u32 },
    #[error(transparent)]
    NotConfirmed(#[from] NotConfirmed),
    #[error("the project is deployed on your hosts: remove those deployments before you transfer it")]
    OnHosts,
    #[error("the new owner has reached the limit of projects or storage")]
    NewOwnerHasNoRoom,
    #[error("something failed on the server")]
    Internal(#[from] anyhow::Error),
}

impl UseCaseError for SharingError {
    fn problem(&self) -> Problem {
        let not_found = |what| Problem::new(ProblemKind::NotFound, "not-found", self).missing(what);
        match self {
            Self::NotFound => Problem::not_found(),
            Self::Forbidden => Problem::forbidden(),
            Self::LacksRole(lacks) => lacks.problem(),
            Self::NoSuchMember => not_found("member"),
            Self::NoSuchInvitation => not_found("invitation"),
            Self::InvitationInvalid => Problem::new(ProblemKind::CodeInvalid, "invitation-invalid", self),
            Self::RoleNotGiven => {
                Problem::new(ProblemKind::Declined, "role-invalid", self).about_field("role")
            }
            Self::NotConfirmed(error) => error.problem(),
            Self::OwnerStays => Problem::conflict("owner-stays", self),
            Self::OnHosts => Problem::conflict("project-on-hosts", self),
            Self::TooManyMembers { .. } | Self::TooManyInvitations { .. } | Self::NewOwnerHasNoRoom => {
                Problem::new(ProblemKind::LimitReached, "limit-reached", self)
            }
            Self::Internal(_) => Problem::internal(),
        }
    }
}

/// The account of the new owner has reached a limit.
impl From<AccountLimit> for SharingError {
    fn from(_: AccountLimit) -> Self {
        Self::NewOwnerHasNoRoom
    }
}

impl From<sqlx::Error> for SharingError {
    fn from(error: sqlx::Error) -> Self {
        Self::Internal(error.into())
    }
}
