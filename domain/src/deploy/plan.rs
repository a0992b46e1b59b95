//! The plan: what a deployment would change on a host. The agent, which knows the host, computes it; a person
//! agrees to it.

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Plan {
    /// By service, in the order of the file; those that only the host has come last.
    pub services: Vec<ServicePlan>,
    /// Host ports the stack publishes.
    pub ports: Vec<PlannedPort>,
    /// Named volumes the stack uses or leaves behind.
    pub volumes: Vec<PlannedVolume>,
    /// Images that are not on the host yet.
    pub pulls: Vec<String>,
    /// What the policy of the host forbids. Not empty: the host will refuse.
    pub refused: Vec<Blocker>,
    /// What a person should know before agreeing: nothing that stands in the way.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
}

impl Plan {
    /// The text whose hash is [`super::PlanResult::plan_hash`]: compact JSON in the order of the fields.
    pub fn canonical_json(&self) -> serde_json::Result<String> {
        serde_json::to_string(self)
    }

    /// Whether applying the plan would change no service.
    pub fn changes_nothing(&self) -> bool {
        self.services.iter().all(|service| service.action == ServiceAction::Unchanged)
    }

    /// Whether neither the policy nor a taken port prevents the plan.
    pub fn can_be_applied(&self) -> bool {
        self.refused.is_empty() && self.ports.iter().all(|port| port.taken_by.is_none())
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ServicePlan {
    pub service: String,
    pub action: ServiceAction,
    /// What for, in words: `image changes from nginx:1.26 to nginx:1.27`. Empty when nothing changes.
    pub reasons: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum ServiceAction {
    Create,
    Recreate,
    Unchanged,
    Remove,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlannedPort {
    pub service: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host_ip: Option<String>,
    pub port: u16,
    /// `tcp`, `udp` or `sctp`.
    pub protocol: String,
    /// Who has it on that host: `container shop-web-1`, `another program`. Null: free, or ours already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_by: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlannedVolume {
    /// As the engine knows it.
    pub name: String,
    pub action: VolumeAction,
    pub services: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum VolumeAction {
    Create,
    /// There already, with what is in it.
    Keep,
    /// No longer used by the file; stays on the host with what is in it.
    Unused,
}

/// A reason why a plan cannot be carried out: one thing that the policy of the host forbids.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Refused))]
pub struct Blocker {
    /// The key of the policy file that forbids it: `allow_privileged`.
    pub rule: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// What is forbidden, where, and what would allow it.
    pub message: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_plan_has_the_same_text() {
        let plan = Plan {
            services: vec![ServicePlan {
                service: "web".to_owned(),
                action: ServiceAction::Create,
                reasons: vec!["new".to_owned()],
                image: Some("nginx:1.27".to_owned()),
            }],
            ..Plan::default()
        };
        let text = plan.canonical_json().unwrap();
        assert_eq!(
            text,
            r#"{"services":[{"service":"web","action":"create","reasons":["new"],"image":"nginx:1.27"}],"ports":[],"volumes":[],"pulls":[],"refused":[]}"#
        );
        let read: Plan = serde_json::from_str(&text).unwrap();
        assert_eq!(read.canonical_json().unwrap(), text);
    }

    #[test]
    fn a_port_that_is_taken_stands_in_the_way() {
        let port = PlannedPort {
            service: "web".to_owned(),
            host_ip: None,
            port: 80,
            protocol: "tcp".to_owned(),
            taken_by: Some("another program".to_owned()),
        };
        let plan = Plan { ports: vec![port], ..Plan::default() };
        assert!(plan.changes_nothing() && !plan.can_be_applied());
    }
}
