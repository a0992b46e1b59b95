//! What the casbin rules decide about a subject and a route, and why.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::access::Scope;

/// How a subject is interpreted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum SubjectKind {
    /// A subject of the rules: `group_user`, `agent`, or `anonym` for anonymous callers.
    Role,
    /// The id of a person.
    User,
    /// The id of an API client.
    Client,
}

impl SubjectKind {
    pub const ALL: [Self; 3] = [Self::Role, Self::User, Self::Client];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Role => "role",
            Self::User => "user",
            Self::Client => "client",
        }
    }

    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// Where the role of a user comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum RoleSource {
    /// A browser that is signed in.
    Session,
    /// A token, which keeps the role that its owner had when it was created.
    Token,
}

/// A role of a user on this server, with the newest session or token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KnownRole {
    pub role: String,
    pub from: RoleSource,
    /// When that session or token was created.
    pub since: DateTime<Utc>,
}

/// An API client of a user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KnownApiClient {
    pub id: i32,
    /// Its owner.
    pub user_id: String,
    pub name: Option<String>,
    pub scope: Scope,
    pub enabled: bool,
}

/// A user, a client or an agent, as the rules name it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PolicySubject {
    pub id: String,
    pub kind: SubjectKind,
    /// The subjects to look up in the rules; one allowed subject is enough.
    pub names: Vec<String>,
    /// For a user: their roles, newest first.
    pub roles: Vec<KnownRole>,
    /// For a user: all their API clients, up to 100. For a client: that client.
    pub clients: Vec<KnownApiClient>,
}

/// A rule, as stored in the database.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AllowRule {
    pub id: i32,
    /// Always `p`.
    pub ptype: String,
    pub subject: String,
    /// A path pattern: `/project/:id`.
    pub object: String,
    /// A method.
    pub action: String,
}

/// A rule about the path that does not apply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NearestRule {
    pub rule: AllowRule,
    /// Whether it is about the subject.
    pub is_for_subject: bool,
    /// Whether it is about the method.
    pub is_for_method: bool,
}

/// `GET /api/v1/policy/decision`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PolicyDecision {
    /// By the rules. Use cases check ownership and scope after them.
    pub allowed: bool,
    pub subject: PolicySubject,
    pub method: String,
    pub path: String,
    /// The route of this API that matches the path, `/project/{id}`; null if none does.
    pub route: Option<String>,
    /// The methods of that route.
    pub methods: Vec<String>,
    /// The rule that allows it; null if none does.
    pub rule: Option<AllowRule>,
    /// From the subject to the subject of that rule; each is a member of the next.
    pub chain: Vec<String>,
    /// If no rule allows it: up to eight rules about the path, closest first.
    pub nearest: Vec<NearestRule>,
    /// False while this server still uses older rules than those in the database.
    pub is_current: bool,
}

/// What the rules decide for a whole route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RouteVerdict {
    Allowed,
    /// Only for some paths of the route.
    SomePaths,
    Refused,
}

/// A route of the REST API, and what the rules decide about it for a subject.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RouteDecision {
    pub method: String,
    pub pattern: String,
    pub verdict: RouteVerdict,
    /// The rule that decides.
    pub rule: Option<AllowRule>,
}

/// A row of the table of rules.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct StoredRule {
    pub id: i32,
    /// `p`: subject, path pattern, method. `g`: member, group.
    pub ptype: String,
    pub values: Vec<String>,
    /// Why it is ignored, if it is.
    pub problem: Option<String>,
}
