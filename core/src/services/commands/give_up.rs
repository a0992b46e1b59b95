//! Ends a command that failed for a reason on the server's side.

use domain::{
    api::Command,
    command::{Ending, State},
};
use serde_json::json;
use sqlx::PgConnection;

use super::{By, Commands, audit, tell_pages};
use crate::{
    db::commands::{self, Ended, Stored},
    services::deployments::outcome,
};

impl Commands {
    /// The row must be locked, and the command must not have ended.
    pub(super) async fn give_up(
        &self,
        connection: &mut PgConnection,
        command: &Command,
        ending: Ending,
    ) -> anyhow::Result<Stored> {
        let now = self.core.context.clock.now();
        let error = json!({"code": ending.code(), "message": ending.message()});
        let ended = Ended { id: command.id, status: State::Failed, result: None, error: Some(&error), now };
        let failed = commands::end(connection, ended).await?;
        let details = json!({"reason": ending.code(), "deliveries": command.deliveries});
        audit(connection, &self.core.context, By::TimeLimit, "command.given_up", &failed.command, details)
            .await?;
        outcome::command_ended(connection, &failed.command, failed.revision, &self.core.context).await?;
        tell_pages(connection, &failed, &self.core.context).await?;
        Ok(failed)
    }
}
