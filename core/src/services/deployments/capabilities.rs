//! Which commands the agent of a deployment accepts, by the capabilities it registered with.

use domain::{
    access::{Action, Caller},
    api::{Capabilities, OfferedCommand},
};

use super::{Deployments, allow, error::DeploymentError};
use crate::db::deployments;

/// Each row: command type, capability that the agent needs, scope, label, icon.
const CATALOGUE: [[&str; 5]; 7] = [
    ["restart", "docker", "container", "Restart", "fas fa-redo"],
    ["start", "docker", "container", "Start", "fas fa-play"],
    ["stop", "docker", "container", "Stop", "fas fa-stop"],
    ["pause", "docker", "container", "Pause", "fas fa-pause"],
    ["logs", "logs", "container", "Logs", "fas fa-file-alt"],
    ["rebuild", "compose", "deployment", "Rebuild Stack", "fas fa-sync"],
    ["backup", "backup", "deployment", "Backup", "fas fa-download"],
];

impl Deployments {
    pub async fn capabilities(&self, caller: &Caller, hash: &str) -> Result<Capabilities, DeploymentError> {
        allow(caller, Action::Read)?;
        let mut found = deployments::agent_of(&self.core.pool, hash, &caller.user_id)
            .await?
            .ok_or(DeploymentError::NotFound("deployment"))?;
        found.commands = offered(&found.capabilities);
        Ok(found)
    }
}

fn offered(capabilities: &[String]) -> Vec<OfferedCommand> {
    CATALOGUE
        .iter()
        .filter(|[_, requires, ..]| capabilities.iter().any(|word| word == requires))
        .map(|[command_type, requires, scope, label, icon]| OfferedCommand {
            command_type: (*command_type).to_owned(),
            label: (*label).to_owned(),
            icon: (*icon).to_owned(),
            scope: (*scope).to_owned(),
            requires: (*requires).to_owned(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_offered_in_order_to_who_can_do_them() {
        let words = ["logs", "docker"].map(str::to_owned);
        let types: Vec<_> = offered(&words).into_iter().map(|command| command.command_type).collect();
        assert_eq!(types, ["restart", "start", "stop", "pause", "logs"]);
        assert_eq!(offered(&[]), []);
    }
}
