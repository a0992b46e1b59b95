//! Authorization: roles, resources, actions, and the caller of a use case.

mod project_role;
mod provider_token;

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

pub use project_role::{LacksRole, ProjectRole};
pub use provider_token::ProviderToken;

/// The caller of a use case, known after authentication.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caller {
    /// An opaque id, the value of `user_id` columns.
    pub user_id: String,
    pub role: Role,
    pub name: String,
    pub email: Option<String>,
    /// How much of the role the credentials allow.
    #[serde(default)]
    pub scope: Scope,
    /// The API client that acts on behalf of the user.
    #[serde(default)]
    pub client: Option<i32>,
    /// Where the request came from, for the audit log; `None` without a request.
    #[serde(skip)]
    pub address: Option<IpAddr>,
    /// The sign-in provider's token for this person, if the request or its session has one. Only for the User Service, which
    /// knows the person by it.
    #[serde(skip)]
    pub provider_token: Option<ProviderToken>,
}

/// The subject of an anonymous caller. Whatever anonymous callers are allowed to do, every other caller is allowed
/// too.
pub const STRANGER: &str = "anonym";

impl Caller {
    /// A signed-in user with everything that the role allows.
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
            provider_token: None,
        }
    }

    /// The same caller with the address of the request.
    pub fn at(self, address: IpAddr) -> Self {
        Self { address: Some(address), ..self }
    }

    /// The same caller with the token of the sign-in provider.
    pub fn with_provider_token(self, token: &str) -> Self {
        Self { provider_token: Some(ProviderToken::new(token)), ..self }
    }

    /// The subjects of the caller in the casbin rules. It is enough if one of them is allowed.
    pub fn subjects(&self) -> Vec<String> {
        let client = self.client.map(|id| id.to_string());
        [Some(self.role.as_str().to_owned()), client, Some(STRANGER.to_owned())]
            .into_iter()
            .flatten()
            .collect()
    }
}

/// How much of its owner's rights a token or a client has. Each scope includes the ones before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Read only.
    Read,
    /// Also change and deploy projects.
    Deploy,
    /// Everything: also hosts, other tokens and clients, and what only administrators are allowed.
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

/// The role of a user, with the wire names of existing rule sets.
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
    /// An unknown role, which is allowed nothing.
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
    /// The caller's own projects and those shared with the caller; [`ProjectRole`] decides what is allowed in them.
    Project,
    /// The values of variables that are kept with projects.
    ProjectValues,
    /// Projects of all users.
    AnyProject,
    /// Deployments of the caller's projects, and the commands for their agents.
    Deployment,
    /// The caller's own hosts.
    Host,
    /// The caller's own credentials for cloud providers.
    Cloud,
    /// The machines that the install service created for the caller.
    Server,
    /// Registries of images: browsing and looking up, and the caller's own credentials for them.
    Registry,
    /// The caller's own callbacks: where the server reports what happens.
    Callback,
    /// The caller's own tokens and API clients.
    Access,
    /// API clients of all users.
    AnyAccess,
    /// Acts of the caller, and acts on what the caller owns.
    Audit,
    /// Acts of all users.
    AnyAudit,
    /// The check rules, as a service.
    Check,
    /// Details for operators of the server.
    Operations,
    /// The casbin rules around REST, and the users they are about.
    Rules,
    /// The caller's own ratings of products, and reports of others. Everybody reads what is not hidden.
    Rating,
    /// Ratings of all users, hidden ones too.
    AnyRating,
    /// The texts that users accept, and which of them the caller accepted.
    Agreement,
    /// Changing these texts, and seeing who accepted them.
    AnyAgreement,
}

impl Resource {
    pub const ALL: [Self; 20] = [
        Self::Project,
        Self::ProjectValues,
        Self::AnyProject,
        Self::Deployment,
        Self::Host,
        Self::Cloud,
        Self::Server,
        Self::Registry,
        Self::Callback,
        Self::Access,
        Self::AnyAccess,
        Self::Audit,
        Self::AnyAudit,
        Self::Check,
        Self::Operations,
        Self::Rules,
        Self::Rating,
        Self::AnyRating,
        Self::Agreement,
        Self::AnyAgreement,
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

/// Whether the caller is allowed to do this. Both the role and the scope must allow it; the default is no.
pub fn may(caller: &Caller, resource: Resource, action: Action) -> bool {
    // The role of an API client is only valid with a client: a sign-in provider cannot assign it to a user.
    let has_its_client = caller.role != Role::Client || caller.client.is_some();
    has_its_client
        && role_may(&caller.role, resource, action)
        && caller.scope >= least_scope(resource, action)
}

fn role_may(role: &Role, resource: Resource, action: Action) -> bool {
    match (resource, action) {
        (
            Resource::Project
            | Resource::ProjectValues
            | Resource::Deployment
            | Resource::Host
            | Resource::Cloud
            | Resource::Server
            | Resource::Registry
            | Resource::Callback
            | Resource::Access
            | Resource::Check
            | Resource::Rating,
            _,
        ) => role.is_user(),
        (Resource::AnyProject, Action::Read) => role.is_admin(),
        (Resource::AnyProject, _) => false,
        (Resource::AnyAccess, Action::Update) => role.is_admin(),
        (Resource::AnyAccess, _) => false,
        (Resource::Audit, Action::Read) => role.is_user(),
        (Resource::AnyAudit, Action::Read) => role.is_admin(),
        // No caller is allowed to write to the audit log.
        (Resource::Audit | Resource::AnyAudit, _) => false,
        (Resource::AnyRating, Action::Create) => false,
        (Resource::AnyRating, _) => role.is_admin(),
        (Resource::Agreement, Action::Read | Action::Create) => role.is_user(),
        (Resource::Agreement, _) => false,
        // What people have accepted is never deleted.
        (Resource::AnyAgreement, Action::Delete) => false,
        (Resource::AnyAgreement, _) => role.is_admin(),
        (Resource::Operations | Resource::Rules, Action::Read) => role.is_admin(),
        (Resource::Operations | Resource::Rules, _) => false,
    }
}

fn least_scope(resource: Resource, action: Action) -> Scope {
    match (resource, action) {
        // The only operation on checks changes nothing.
        (Resource::Check, _) => Scope::Read,
        (
            Resource::AnyProject
            | Resource::AnyAccess
            | Resource::AnyAudit
            | Resource::Rules
            | Resource::AnyRating
            | Resource::AnyAgreement,
            _,
        ) => Scope::Admin,
        // What a registry answers may be private, and programs get nothing by default.
        (Resource::Registry, _) => Scope::Admin,
        // The answers of receivers may be of use to an attacker.
        (Resource::Callback, _) => Scope::Admin,
        // Reading them is more than reading: they are secrets.
        (Resource::ProjectValues, _) => Scope::Deploy,
        // An API client sees nothing of what machines are ordered with, unless its owner wants that.
        (Resource::Cloud | Resource::Server, _) => Scope::Admin,
        (_, Action::Read) => Scope::Read,
        (Resource::Project | Resource::Deployment, _) => Scope::Deploy,
        (Resource::Host | Resource::Access | Resource::Audit | Resource::Operations, _) => Scope::Admin,
        // A person gives an opinion and accepts a text; a program does so only if its owner wants that.
        (Resource::Rating | Resource::Agreement, _) => Scope::Admin,
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
        assert!(!may(&deployer, Resource::Cloud, Action::Read));
        assert!(!may(&deployer, Resource::Registry, Action::Read));
        assert!(!may(&deployer, Resource::Callback, Action::Read));
        assert!(!may(&deployer, Resource::Access, Action::Create));
        // It can tell its owner which text to accept, but not accept it.
        assert!(may(&deployer, Resource::Agreement, Action::Read));
        assert!(!may(&deployer, Resource::Agreement, Action::Create));
        assert!(!may(&deployer, Resource::Rating, Action::Create));
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
        assert_eq!(all(Role::GroupAdmin), all(Role::GroupUser) + 11);
    }
}
