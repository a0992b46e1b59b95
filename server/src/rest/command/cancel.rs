use axum::extract::State;
use domain::api::{Command, Envelope};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, PathPart},
    state::AppState,
};

/// Cancels a command. If no agent has fetched it, none will; otherwise the agent is told, and its result changes nothing.
#[utoipa::path(post, path = "/api/v1/commands/{deployment_hash}/{command_id}/cancel", tag = "commands",
    params(("deployment_hash" = String, Path), ("command_id" = String, Path)),
    responses((status = 200, description = "The command as it is now", body = Envelope<Command>), Failures))]
pub async fn cancel_command(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathPart((deployment_hash, command_id)): PathPart<(String, String)>,
) -> Result<Answer<Command>, ApiError> {
    let commands = state.services.commands();
    let command = commands.cancel(&caller, &deployment_hash, &command_id).await?;
    Ok(Answer::item("Command cancelled successfully", command))
}
