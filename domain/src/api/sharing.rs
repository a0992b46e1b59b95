//! Members and invitations of a project.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::access::ProjectRole;

/// `GET /project/{id}/members`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Sharing {
    pub project_id: i32,
    pub project_name: String,
    pub owner: Person,
    /// You, and your role in the project.
    pub you: String,
    pub role: ProjectRole,
    /// In the order in which they joined.
    pub members: Vec<Member>,
    /// Invitations that are not accepted yet. Only the owner receives them.
    pub invitations: Vec<Invitation>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Person {
    pub user_id: String,
    pub name: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Member {
    pub user_id: String,
    pub name: String,
    pub email: Option<String>,
    pub role: ProjectRole,
    pub since: DateTime<Utc>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Invitation {
    pub id: Uuid,
    pub role: ProjectRole,
    /// For one use. Shown once, when it is created; null at any other time.
    pub code: Option<String>,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

/// `POST /project/{id}/invitations`, and `PUT /project/{id}/members/{user_id}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GiveRole {
    /// `viewer`, `operator` or `editor`.
    pub role: ProjectRole,
}

/// `POST /project/join`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct JoinProject {
    pub code: String,
}

/// The project that the caller is now a member of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Joined {
    pub project_id: i32,
    pub project_name: String,
    pub role: ProjectRole,
}

/// `POST /project/{id}/transfer`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TransferProject {
    /// A member of the project.
    pub user_id: String,
    /// The name of the project, typed to confirm it.
    pub confirm_name: String,
}
