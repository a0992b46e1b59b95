use axum::extract::State;
use domain::api::{Command, Envelope};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, PathPart},
    state::AppState,
};

/// One command, by its `command_id` or its `id`.
#[utoipa::path(get, path = "/api/v1/commands/{deployment_hash}/{command_id}", tag = "commands",
    params(("deployment_hash" = String, Path), ("command_id" = String, Path)),
    responses((status = 200, description = "The command", body = Envelope<Command>), Failures))]
pub async fn get_command(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathPart((deployment_hash, command_id)): PathPart<(String, String)>,
) -> Result<Answer<Command>, ApiError> {
    let command = state.services.commands().get(&caller, &deployment_hash, &command_id).await?;
    Ok(Answer::item("Command fetched successfully", command))
}
