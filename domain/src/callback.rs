//! Callbacks: what the server reports to addresses that users chose.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::stack::SecretText;

/// Something that a subscription can be about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum CallbackEvent {
    /// An agent or the install service began to bring a stack up.
    #[serde(rename = "deployment.started")]
    DeploymentStarted,
    #[serde(rename = "deployment.progress")]
    DeploymentProgress,
    #[serde(rename = "deployment.completed")]
    DeploymentCompleted,
    #[serde(rename = "deployment.failed")]
    DeploymentFailed,
    #[serde(rename = "deployment.removed")]
    DeploymentRemoved,
    #[serde(rename = "agent.offline")]
    AgentOffline,
    #[serde(rename = "agent.online")]
    AgentOnline,
    #[serde(rename = "command.completed")]
    CommandCompleted,
    #[serde(rename = "command.failed")]
    CommandFailed,
}

impl CallbackEvent {
    pub const ALL: [Self; 9] = [
        Self::DeploymentStarted,
        Self::DeploymentProgress,
        Self::DeploymentCompleted,
        Self::DeploymentFailed,
        Self::DeploymentRemoved,
        Self::AgentOffline,
        Self::AgentOnline,
        Self::CommandCompleted,
        Self::CommandFailed,
    ];

    /// The value of `stacker-event`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DeploymentStarted => "deployment.started",
            Self::DeploymentProgress => "deployment.progress",
            Self::DeploymentCompleted => "deployment.completed",
            Self::DeploymentFailed => "deployment.failed",
            Self::DeploymentRemoved => "deployment.removed",
            Self::AgentOffline => "agent.offline",
            Self::AgentOnline => "agent.online",
            Self::CommandCompleted => "command.completed",
            Self::CommandFailed => "command.failed",
        }
    }

    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|event| event.as_str() == word)
    }

    /// For people.
    pub fn label(self) -> &'static str {
        match self {
            Self::DeploymentStarted => "A deployment starts",
            Self::DeploymentProgress => "A deployment makes progress",
            Self::DeploymentCompleted => "A deployment is complete",
            Self::DeploymentFailed => "A deployment fails",
            Self::DeploymentRemoved => "A deployment is removed",
            Self::AgentOffline => "An agent goes offline",
            Self::AgentOnline => "An agent comes online",
            Self::CommandCompleted => "A command is complete",
            Self::CommandFailed => "A command fails",
        }
    }
}

/// The event that a person sends to try a callback. No subscription has to list it.
pub const TEST_EVENT: &str = "callback.test";

/// A subscription, as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CallbackSubscription {
    pub id: Uuid,
    pub url: String,
    pub events: Vec<CallbackEvent>,
    /// Only events of this project; null: of all projects of the account.
    pub project_id: Option<i32>,
    pub project_name: Option<String>,
    /// The API client whose `callback_url` this is.
    pub client_id: Option<i32>,
    pub enabled: bool,
    /// Why the server disabled it.
    pub disabled_reason: Option<String>,
    /// The first failed attempt after the last success.
    pub failing_since: Option<DateTime<Utc>>,
    /// Until then the secret before the last rotation signs too.
    pub previous_secret_until: Option<DateTime<Utc>>,
    /// The secret that signs callbacks. Only in the answer to the request that made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<SecretText>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl CallbackSubscription {
    /// What a person types to confirm the deletion: the host of the address.
    pub fn name(&self) -> String {
        callback_name(&self.url)
    }
}

/// The host of an address, or the address itself if it names none.
pub fn callback_name(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.is_empty() { url.to_owned() } else { authority.to_owned() }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreateCallback {
    /// Begins with https:// or http://. Private addresses are called only if the server allows them.
    pub url: String,
    pub events: Vec<String>,
    /// One of the caller's own projects.
    #[serde(default)]
    pub project_id: Option<i32>,
}

/// What is absent stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UpdateCallback {
    #[serde(default)]
    pub url: Option<String>,
    #[serde(default)]
    pub events: Option<Vec<String>>,
    #[serde(default)]
    pub enabled: Option<bool>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum DeliveryState {
    Waiting,
    Delivered,
    Failed,
}

impl DeliveryState {
    pub const ALL: [Self; 3] = [Self::Waiting, Self::Delivered, Self::Failed];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
        }
    }

    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// A line of the delivery log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CallbackDelivery {
    /// The header `stacker-delivery`.
    pub id: Uuid,
    /// The order of the events, for `after`.
    pub number: i64,
    pub event: String,
    /// As it is sent.
    pub body: String,
    pub state: DeliveryState,
    /// Failed attempts since the delivery began to wait.
    pub attempts: i32,
    /// For a waiting delivery.
    pub next_attempt_at: Option<DateTime<Utc>>,
    /// The status that the receiver answered last.
    pub last_status: Option<i16>,
    /// The beginning of that answer, at most 2 kB.
    pub last_answer: Option<String>,
    /// Why there was no answer.
    pub last_error: Option<String>,
    pub created_at: DateTime<Utc>,
    pub delivered_at: Option<DateTime<Utc>>,
}

/// A delivery that somebody asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StartedDelivery {
    pub delivery_id: Uuid,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_has_one_name_everywhere() {
        for event in CallbackEvent::ALL {
            assert_eq!(CallbackEvent::named(event.as_str()), Some(event));
            assert_eq!(serde_json::to_value(event).unwrap(), event.as_str());
        }
    }

    #[test]
    fn a_callback_is_named_after_its_host() {
        assert_eq!(callback_name("https://example.com:8443/hook?x=1"), "example.com:8443");
        assert_eq!(callback_name("odd"), "odd");
    }
}
