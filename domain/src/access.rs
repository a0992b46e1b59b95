//! Who may do what: roles, resources and actions, and the caller that use cases are asked by.

mod project_role;

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

pub use project_role::{LacksRole, ProjectRole};

/// The caller of a use case, known after authentication.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caller {
    /// Opaque; what `user_id` columns hold.
    pub user_id: String,
    pub role: Role,
    pub name: String,
    pub email: Option<String>,
    /// How much of it the credentials let through.
    #[serde(default)]
    pub scope: Scope,
    /// The API client that asks on behalf of the user.
    #[serde(default)]
    pub client: Option<i32>,
    /// Where the request came from, for the audit log; `None` for what no request asked for.
    #[serde(skip)]
    pub address: Option<IpAddr>,
}

/// As rules name whoever is not known. Whoever is known may what strangers may.
pub const STRANGER: &str = "anonym";

impl Caller {
    /// A person, who may do all that the role may.
    pub fn new(
        user_id: impl Into<String>,
        role: Role,
        name: impl Into<String>,
        email: Option<String>,
    ) -> Self {
        Self {
            user_id: user_id.into(),
            role,
            name: name.into(),
            email,
            scope: Scope::Admin,
            client: None,
            address: None,
        }
    }

    /// The same caller, asking from there.
    pub fn at(self, address: IpAddr) -> Self {
        Self { address: Some(address), ..self }
    }

    /// As rules name them, each of which alone may be enough.
    pub fn subjects(&self) -> Vec<String> {
        let client = self.client.map(|id| id.to_string());
        [Some(self.role.as_str().to_owned()), client, Some(STRANGER.to_owned())]
            .into_iter()
            .flatten()
            .collect()
    }
}

/// How much of what its owner may do a token or a client may. Each includes the ones before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Look, and change nothing.
    Read,
    /// Also change projects and deploy them.
    Deploy,
    /// Everything: also hosts, other tokens and clients, and what only administrators may.
    #[default]
    Admin,
}

impl Scope {
    pub const ALL: [Self; 3] = [Self::Read, Self::Deploy, Self::Admin];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Deploy => "deploy",
            Self::Admin => "admin",
        }
    }

    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == word)
    }
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
        self.is_admin() || matches!(self, Self::GroupUser | Self::User | Self::Client)
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

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Resource {
    /// One's own projects, and those one was let into: what in those is said by [`ProjectRole`].
    Project,
    /// Projects of anybody.
    AnyProject,
    /// Those of one's projects, and the commands for their agents.
    Deployment,
    /// One's own hosts.
    Host,
    /// One's own tokens and API clients.
    Access,
    /// API clients of anybody.
    AnyAccess,
    /// What one did, and what was done to what is one's own.
    Audit,
    /// What anybody did.
    AnyAudit,
    /// The rule engine as a service.
    Check,
    /// Details for those who run the server.
    Operations,
    /// The rules of who may do what over REST, and what is known of users for them.
    Rules,
}

impl Resource {
    pub const ALL: [Self; 11] = [
        Self::Project,
        Self::AnyProject,
        Self::Deployment,
        Self::Host,
        Self::Access,
        Self::AnyAccess,
        Self::Audit,
        Self::AnyAudit,
        Self::Check,
        Self::Operations,
        Self::Rules,
    ];
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Action {
    Read,
    Create,
    Update,
    Delete,
}

impl Action {
    pub const ALL: [Self; 4] = [Self::Read, Self::Create, Self::Update, Self::Delete];
}

/// Deny by default: the role must allow it, and the scope must reach so far.
pub fn may(caller: &Caller, resource: Resource, action: Action) -> bool {
    // The role of an API client is nothing without one: a sign-in provider cannot give it to anybody.
    let has_its_client = caller.role != Role::Client || caller.client.is_some();
    has_its_client
        && role_may(&caller.role, resource, action)
        && caller.scope >= least_scope(resource, action)
}

fn role_may(role: &Role, resource: Resource, action: Action) -> bool {
    match (resource, action) {
        (
            Resource::Project | Resource::Deployment | Resource::Host | Resource::Access | Resource::Check,
            _,
        ) => role.is_user(),
        (Resource::AnyProject, Action::Read) => role.is_admin(),
        (Resource::AnyProject, _) => false,
        (Resource::AnyAccess, Action::Update) => role.is_admin(),
        (Resource::AnyAccess, _) => false,
        (Resource::Audit, Action::Read) => role.is_user(),
        (Resource::AnyAudit, Action::Read) => role.is_admin(),
        // Nobody writes into it, whoever they are.
        (Resource::Audit | Resource::AnyAudit, _) => false,
        (Resource::Operations | Resource::Rules, Action::Read) => role.is_admin(),
        (Resource::Operations | Resource::Rules, _) => false,
    }
}

fn least_scope(resource: Resource, action: Action) -> Scope {
    match (resource, action) {
        // What is asked of it changes nothing.
        (Resource::Check, _) => Scope::Read,
        (Resource::AnyProject | Resource::AnyAccess | Resource::AnyAudit | Resource::Rules, _) => {
            Scope::Admin
        }
        (_, Action::Read) => Scope::Read,
        (Resource::Project | Resource::Deployment, _) => Scope::Deploy,
        (Resource::Host | Resource::Access | Resource::Audit | Resource::Operations, _) => Scope::Admin,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller(role: Role, scope: Scope) -> Caller {
        let client = (role == Role::Client).then_some(1);
        Caller { scope, client, ..Caller::new("alice", role, "Alice", None) }
    }

    #[test]
    fn a_scope_cuts_down_what_the_role_allows() {
        let reader = caller(Role::GroupAdmin, Scope::Read);
        assert!(may(&reader, Resource::Project, Action::Read));
        assert!(may(&reader, Resource::Check, Action::Create));
        assert!(!may(&reader, Resource::Project, Action::Update));
        assert!(!may(&reader, Resource::AnyProject, Action::Read));

        let deployer = caller(Role::Client, Scope::Deploy);
        assert!(may(&deployer, Resource::Deployment, Action::Create));
        assert!(!may(&deployer, Resource::Host, Action::Create));
        assert!(!may(&deployer, Resource::Access, Action::Create));
    }

    #[test]
    fn no_scope_adds_to_a_role() {
        let all = |role: Role| {
            let caller = caller(role, Scope::Admin);
            let pairs = Resource::ALL.into_iter().flat_map(|what| Action::ALL.map(|action| (what, action)));
            pairs.filter(|(what, action)| may(&caller, *what, *action)).count()
        };
        let nobody = Caller { client: None, ..caller(Role::Client, Scope::Admin) };
        assert!(!may(&nobody, Resource::Project, Action::Read));
        assert_eq!(all(Role::Agent), 0);
        assert_eq!(all(Role::Other("visitor".to_owned())), 0);
        assert_eq!(all(Role::Client), all(Role::GroupUser));
        assert_eq!(all(Role::GroupAdmin), all(Role::GroupUser) + 5);
    }
}
