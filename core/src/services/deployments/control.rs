//! Starts, stops or restarts one service of a deployment.

use domain::{
    access::Caller,
    api::{Command, CreateCommand},
    command::CommandKind,
};
use serde_json::json;

use super::Deployments;
use crate::services::commands::CreateError;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServiceControl {
    Start,
    Stop,
    Restart,
}

impl ServiceControl {
    fn command(self) -> CommandKind {
        match self {
            Self::Start => CommandKind::Start,
            Self::Stop => CommandKind::Stop,
            Self::Restart => CommandKind::Restart,
        }
    }
}

impl Deployments {
    /// Queues the command; the agent reports how it ended.
    pub async fn control_service(
        &self,
        caller: &Caller,
        hash: String,
        service: &str,
        control: ServiceControl,
    ) -> Result<Command, CreateError> {
        let command = CreateCommand {
            deployment_hash: hash,
            command_type: control.command().as_str().to_owned(),
            parameters: Some(json!({"app_code": service})),
            ..CreateCommand::default()
        };
        self.commands.create(caller, command).await
    }
}
