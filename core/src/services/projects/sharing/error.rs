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
    #[error("there is no such project")]
    NotFound,
    #[error("your role or the scope of your credentials does not allow this")]
    Forbidden,
    #[error(transparent)]
    LacksRole(#[from] LacksRole),
    #[error("there is no such member in this project")]
    NoSuchMember,
    #[error("there is no such invitation, or it was used")]
    NoSuchInvitation,
    /// Also returned for a code that was used, was withdrawn or has expired: the answer is the same.
    #[error("this code does not let you into a project: ask for a new one")]
    InvitationInvalid,
    #[error(
        "a member is a viewer, an operator or an editor: to make somebody the owner, transfer the project"
    )]
    RoleNotGiven,
    #[error("the owner is in the project as long as it is theirs: transfer it first")]
    OwnerStays,
    #[error("{limit} people are in this project, as many as there may be")]
    TooManyMembers { limit: u32 },
    #[error("{limit} invitations to this project are open, as many as there may be: withdraw one")]
    TooManyInvitations { limit: u32 },
    #[error(transparent)]
    NotConfirmed(#[from] NotConfirmed),
    #[error("the project runs on hosts of yours: take those deployments down before you give it away")]
    OnHosts,
    #[error("who is to own the project has as many projects, or as large ones, as one account may have here")]
    NewOwnerHasNoRoom,
    #[error("something went wrong on our side")]
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
