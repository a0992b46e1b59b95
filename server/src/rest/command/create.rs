use axum::{extract::State, http::StatusCode};
use domain::api::{Command, CreateCommand, CreatedCommand, Envelope};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, BodyFailures, Failures, JsonBody},
    state::AppState,
};

/// The part of a new command that the response returns.
pub fn created_command(command: Command) -> CreatedCommand {
    CreatedCommand {
        command_id: command.command_id,
        deployment_hash: command.deployment_hash,
        status: command.status,
    }
}

/// Creates a command for the agent of one of your deployments, which receives it at once if it is waiting.
#[utoipa::path(post, path = "/api/v1/commands", tag = "commands", request_body = CreateCommand,
    responses((status = 201, description = "Queued", body = Envelope<CreatedCommand>), Failures, BodyFailures))]
pub async fn create_command(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    JsonBody(request): JsonBody<CreateCommand>,
) -> Result<(StatusCode, Answer<CreatedCommand>), ApiError> {
    let command = state.services.commands().create(&caller, request).await?;
    Ok((StatusCode::CREATED, Answer::item("Command created successfully", created_command(command))))
}
