//! Who may do what: roles, resources and actions, and the caller that use cases are asked by.

use serde::{Deserialize, Serialize};

/// The caller of a use case, known after authentication.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caller {
    /// Opaque; what `user_id` columns hold.
    pub user_id: String,
    pub role: Role,
    pub name: String,
    pub email: Option<String>,
}

/// The subject of the policy. Wire names as existing rule sets use them.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    GroupUser,
    User,
    GroupAdmin,
    Root,
    AdminService,
    Agent,
    Client,
    /// A role the policy does not know: may do nothing.
    #[serde(untagged)]
    Other(String),
}

impl Role {
    pub fn is_admin(&self) -> bool {
        matches!(self, Self::GroupAdmin | Self::Root | Self::AdminService)
    }

    pub fn is_user(&self) -> bool {
        self.is_admin() || matches!(self, Self::GroupUser | Self::User)
    }

    /// The wire name.
    pub fn as_str(&self) -> &str {
        match self {
            Self::GroupUser => "group_user",
            Self::User => "user",
            Self::GroupAdmin => "group_admin",
            Self::Root => "root",
            Self::AdminService => "admin_service",
            Self::Agent => "agent",
            Self::Client => "client",
            Self::Other(name) => name,
        }
    }

    pub fn named(name: &str) -> Self {
        match name {
            "group_user" => Self::GroupUser,
            "user" => Self::User,
            "group_admin" => Self::GroupAdmin,
            "root" => Self::Root,
            "admin_service" => Self::AdminService,
            "agent" => Self::Agent,
            "client" => Self::Client,
            other => Self::Other(other.to_owned()),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resource {
    /// One's own projects.
    Project,
    /// Projects of anybody.
    AnyProject,
    /// One's own deployments, and the commands for their agents.
    Deployment,
    /// One's own hosts.
    Host,
    /// The rule engine as a service.
    Check,
    /// Details for those who run the server.
    Operations,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    Read,
    Create,
    Update,
    Delete,
}

/// Deny by default.
pub fn may(caller: &Caller, resource: Resource, action: Action) -> bool {
    match (resource, action) {
        (Resource::Project | Resource::Deployment | Resource::Host | Resource::Check, _) => {
            caller.role.is_user()
        }
        (Resource::AnyProject, Action::Read) => caller.role.is_admin(),
        (Resource::AnyProject, _) => false,
        (Resource::Operations, Action::Read) => caller.role.is_admin(),
        (Resource::Operations, _) => false,
    }
}
