//! The caller, and the credentials of programs: API clients and access tokens.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::access::{Action, Caller, Resource, Role, STRANGER, Scope, may};

/// `GET /api/auth`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WhoIsAsking {
    /// Null for an anonymous caller.
    pub user_id: Option<String>,
    /// `anonym` for an anonymous caller.
    pub role: String,
    pub name: Option<String>,
    pub email: Option<String>,
    pub scope: Option<Scope>,
    /// The API client of the request.
    pub client_id: Option<i32>,
    /// The agent of the request.
    pub agent_id: Option<Uuid>,
    /// The channel of that agent: the hash of its deployment, or `host_` and the id of its host.
    pub channel: Option<String>,
    /// The subjects of the caller in the rules of this server; one allowed subject is enough.
    pub subjects: Vec<String>,
    /// Actions on what users have; what is not named here is refused. Agents are allowed to use their own routes.
    pub may: Vec<Allowed>,
}

impl WhoIsAsking {
    pub fn stranger() -> Self {
        Self {
            user_id: None,
            role: STRANGER.to_owned(),
            name: None,
            email: None,
            scope: None,
            client_id: None,
            agent_id: None,
            channel: None,
            subjects: vec![STRANGER.to_owned()],
            may: Vec::new(),
        }
    }

    pub fn agent(id: Uuid, channel: String) -> Self {
        let role = Role::Agent.as_str().to_owned();
        Self {
            subjects: vec![role.clone(), STRANGER.to_owned()],
            role,
            agent_id: Some(id),
            channel: Some(channel),
            ..Self::stranger()
        }
    }

    pub fn known(caller: Caller) -> Self {
        let allowed = Resource::ALL.into_iter().filter_map(|resource| {
            let actions = Action::ALL.into_iter().filter(|action| may(&caller, resource, *action));
            Some(actions.collect::<Vec<_>>())
                .filter(|actions| !actions.is_empty())
                .map(|actions| Allowed { resource, actions })
        });
        Self {
            may: allowed.collect(),
            subjects: caller.subjects(),
            role: caller.role.as_str().to_owned(),
            user_id: Some(caller.user_id),
            name: Some(caller.name),
            email: caller.email,
            scope: Some(caller.scope),
            client_id: caller.client,
            ..Self::stranger()
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Allowed {
    pub resource: Resource,
    pub actions: Vec<Action>,
}

/// A program that signs its requests.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApiClient {
    pub id: i32,
    pub user_id: String,
    /// Shown once, when it is created; null at any other time.
    pub secret: Option<String>,
    pub enabled: bool,
    pub name: Option<String>,
    pub email: Option<String>,
    pub callback_url: Option<String>,
    pub parent_id: Option<i32>,
    pub scope: Scope,
    /// Only requests with `stacker-timestamp` and `stacker-nonce` are accepted.
    pub hardened: bool,
    pub expires_at: Option<DateTime<Utc>>,
    /// To the minute.
    pub last_used_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// `POST /client`. Everything has a default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct CreateApiClient {
    /// Up to 100 characters on one line.
    pub name: Option<String>,
    pub email: Option<String>,
    /// `https://…` or `http://…`
    pub callback_url: Option<String>,
    /// Another of your API clients.
    pub parent_id: Option<i32>,
    /// The default is `deploy`; at most your own scope.
    pub scope: Option<Scope>,
    pub hardened: bool,
    /// In the future.
    pub expires_at: Option<DateTime<Utc>>,
}

/// The answer to `POST /test/deploy`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KnownClient {
    pub id: i32,
    pub user_id: String,
}

/// A bearer token for a program or a terminal.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AccessToken {
    pub id: Uuid,
    /// The bearer token, `stk_…`: shown once, when it is created; null at any other time.
    pub token: Option<String>,
    pub name: String,
    pub scope: Scope,
    pub expires_at: Option<DateTime<Utc>>,
    /// To the minute.
    pub last_used_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
}

/// `POST /api/v1/tokens`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreateAccessToken {
    /// Its purpose: 1 to 100 characters on one line.
    pub name: String,
    /// The default is `admin`: everything that you are allowed to do.
    #[serde(default)]
    pub scope: Scope,
    /// In the future.
    #[serde(default)]
    pub expires_at: Option<DateTime<Utc>>,
}

impl CreateAccessToken {
    /// Without an end, for everything its owner may do.
    pub fn named(name: &str) -> Self {
        Self { name: name.to_owned(), scope: Scope::Admin, expires_at: None }
    }
}

/// A browser that is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BrowserSession {
    pub id: Uuid,
    /// What the browser called itself at sign-in.
    pub user_agent: Option<String>,
    /// The address of the sign-in.
    pub address: Option<String>,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    /// The session of this request.
    pub is_current: bool,
}
