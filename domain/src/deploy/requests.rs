//! The server's requests to Stacker's agent for a whole stack, and their results.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};

use super::{Plan, ServiceState};

/// The name of a stack on its host. It is the compose project name and the name of the agent's folder for the stack.
/// <https://github.com/compose-spec/compose-spec/blob/main/04-version-and-name.md>
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct StackName(String);

/// The maximum length, which leaves room for what compose appends to the name.
const MAX_NAME: usize = 48;

impl StackName {
    /// `None` unless the text consists of lower-case letters, digits, `-` and `_`, begins with a letter or digit, and
    /// is short enough.
    pub fn parse(text: &str) -> Option<Self> {
        let allowed =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_');
        let first = text.bytes().next()?;
        let begins_well = first.is_ascii_lowercase() || first.is_ascii_digit();
        (begins_well && text.len() <= MAX_NAME && text.bytes().all(allowed)).then(|| Self(text.to_owned()))
    }

    /// The name of a project on a host: readable, and unique through the number of the deployment.
    pub fn of(project: &str, deployment_id: i32) -> Self {
        let number = format!("-{deployment_id}");
        let mut name = String::new();
        for letter in project.chars() {
            if name.len() + number.len() >= MAX_NAME {
                break;
            }
            match letter.to_ascii_lowercase() {
                letter if letter.is_ascii_alphanumeric() => name.push(letter),
                _ if name.is_empty() || name.ends_with('-') => {}
                _ => name.push('-'),
            }
        }
        let name = name.trim_end_matches('-');
        Self(format!("{}{number}", if name.is_empty() { "stack" } else { name }))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for StackName {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or_else(|| format!("a stack can't be named `{text}`"))
    }
}

impl From<StackName> for String {
    fn from(name: StackName) -> Self {
        name.0
    }
}

impl fmt::Display for StackName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Parameters of `plan_stack`: what would happen if this text were deployed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanStack {
    pub stack: StackName,
    /// The number of the revision of this deployment, from 1.
    pub revision: i32,
    /// The compose file, byte for byte.
    pub compose: String,
    /// Values for the variables of the file, in addition to those of the host. They take the place of those of the last command;
    /// null keeps them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variables: Option<BTreeMap<String, String>>,
}

/// Result of `plan_stack`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanResult {
    pub plan: Plan,
    /// [`Plan::canonical_json`], hashed with SHA-256, in lower-case hex.
    pub plan_hash: String,
}

/// Parameters of `deploy_stack`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeployStack {
    pub stack: StackName,
    /// The number of the revision of this deployment, from 1.
    pub revision: i32,
    /// The compose file, byte for byte.
    pub compose: String,
    /// Values for the variables of the file, in addition to those of the host. They take the place of those of the last command;
    /// null keeps them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variables: Option<BTreeMap<String, String>>,
    /// The hash of the plan that a person agreed to. If the plan has changed since, the agent refuses with
    /// `plan-stale`. Null accepts any plan.
    #[serde(default)]
    pub plan_hash: Option<String>,
    /// How long the services may take to become healthy before the agent goes back to the last good revision.
    #[serde(default = "two_minutes")]
    pub health_timeout_secs: u32,
    /// Services to recreate even if their definition is unchanged, because they were changed by hand on the host.
    #[serde(default)]
    pub recreate: Vec<String>,
}

fn two_minutes() -> u32 {
    120
}

/// Result of `deploy_stack`, whether it was reported as completed or failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeployResult {
    pub outcome: DeployOutcome,
    /// The revision that is running now; null if there is none.
    pub running_revision: Option<i32>,
    #[serde(default)]
    pub services: Vec<ServiceState>,
    /// The current plan, if the agent refused because the plan had changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<PlanResult>,
    /// A description for people of what happened.
    pub message: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeployOutcome {
    /// All services are up and healthy.
    Deployed,
    /// The services were not healthy in time. The last good revision is running again.
    ReturnedToLastGood,
    /// The services were not healthy in time. There was no earlier revision to go back to, or it did not come up
    /// either.
    Unhealthy,
    /// The deployment did not start: the policy forbids it, the plan has changed, or the file cannot be deployed.
    Refused,
    /// A cancellation stopped the deployment. The last good revision is running again, if there was one.
    Cancelled,
}

/// Parameters of `remove_stack`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoveStack {
    pub stack: StackName,
    /// Named volumes to remove too, by their names in the engine. All others stay.
    #[serde(default)]
    pub volumes: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stack_is_called_as_its_project_with_the_number_of_the_deployment() {
        for (project, name) in [
            ("WordPress & MariaDB", "wordpress-mariadb-7"),
            ("  ", "stack-7"),
            ("日本", "stack-7"),
            ("shop", "shop-7"),
        ] {
            let made = StackName::of(project, 7);
            assert_eq!(made.as_str(), name);
            assert_eq!(StackName::parse(name), Some(made));
        }
        let long = StackName::of(&"x".repeat(300), i32::MAX);
        assert_eq!(StackName::parse(long.as_str()), Some(long));
    }

    #[test]
    fn a_name_cannot_be_a_path() {
        for text in ["", "../x", "a/b", "-a", "A", "a.b", "a\0", &"x".repeat(49)] {
            assert_eq!(StackName::parse(text), None, "{text}");
        }
    }
}
