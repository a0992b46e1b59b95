//! Clouds and servers in answers.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A cloud as existing clients know it, then what they do not know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CloudItem {
    pub id: i32,
    pub user_id: String,
    pub provider: String,
    /// Masked, like the other two: at most the last four characters. Null if none is stored.
    pub cloud_token: Option<String>,
    pub cloud_key: Option<String>,
    pub cloud_secret: Option<String>,
    pub save_token: Option<bool>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// What the owner calls it.
    #[serde(default)]
    pub name: Option<String>,
    /// The projects whose operators may deploy with it.
    #[serde(default)]
    pub shared_with: Vec<SharedProject>,
    /// For a cloud of another user, shared with one of the caller's projects.
    #[serde(default)]
    pub owner_name: Option<String>,
    /// Number of deployments that are not removed.
    #[serde(default)]
    pub deployments: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SharedProject {
    pub project_id: i32,
    pub project_name: String,
}

/// A machine that the install service creates, as existing clients know it, then what they do not know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ServerItem {
    pub id: i32,
    pub user_id: String,
    pub project_id: i32,
    pub region: Option<String>,
    pub zone: Option<String>,
    /// The size, as the provider names it.
    pub server: Option<String>,
    pub os: Option<String>,
    pub disk_type: Option<String>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub srv_ip: Option<String>,
    pub ssh_port: Option<i32>,
    pub ssh_user: Option<String>,
    /// What the owner calls it.
    #[serde(default)]
    pub name: Option<String>,
    /// The deployment that created it, if that is known.
    #[serde(default)]
    pub deployment_id: Option<i32>,
    #[serde(default)]
    pub deployment_hash: Option<String>,
    /// The host that its agent registered.
    #[serde(default)]
    pub host_id: Option<Uuid>,
}

/// A cloud that a project can be deployed with, as its operators see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OfferedCloud {
    pub id: i32,
    pub name: String,
    pub provider: String,
    /// Without stored secrets, a deployment has to bring them.
    pub has_secrets: bool,
}

/// `PUT /cloud/{id}/projects`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ShareCloud {
    /// The ids of all projects that the cloud is shared with from now on.
    pub projects: Vec<i32>,
}

/// What a provider says about a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KeyCheck {
    pub verdict: KeyVerdict,
    /// The account that the key belongs to, if the provider names it; or why there is no answer.
    pub detail: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum KeyVerdict {
    Valid,
    /// The provider does not accept the key.
    Refused,
    /// The provider did not answer, so nothing is known.
    Unreachable,
    /// This provider offers no simple check.
    NotSupported,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn keys(item: &impl Serialize) -> Vec<String> {
        let json = serde_json::to_string(item).unwrap();
        let read: indexmap::IndexMap<String, serde_json::Value> = serde_json::from_str(&json).unwrap();
        read.into_keys().collect()
    }

    #[test]
    fn the_keys_of_existing_clients_come_first_and_in_their_order() {
        let at = "2026-01-02T03:04:05Z";
        let cloud: CloudItem = serde_json::from_value(json!({"id": 1, "user_id": "u", "provider": "htz",
            "cloud_token": "****", "cloud_key": null, "cloud_secret": null, "save_token": true, "created_at": at,
            "updated_at": at}))
        .unwrap();
        assert_eq!(
            keys(&cloud)[..9],
            [
                "id",
                "user_id",
                "provider",
                "cloud_token",
                "cloud_key",
                "cloud_secret",
                "save_token",
                "created_at",
                "updated_at"
            ]
        );
        let server: ServerItem = serde_json::from_value(json!({"id": 1, "user_id": "u", "project_id": 2,
            "region": null, "zone": null, "server": null, "os": null, "disk_type": null, "created_at": at,
            "updated_at": at, "srv_ip": null, "ssh_port": 22, "ssh_user": null}))
        .unwrap();
        assert_eq!(
            keys(&server)[..13],
            [
                "id",
                "user_id",
                "project_id",
                "region",
                "zone",
                "server",
                "os",
                "disk_type",
                "created_at",
                "updated_at",
                "srv_ip",
                "ssh_port",
                "ssh_user"
            ]
        );
    }
}
