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

/// A command for the agent of a deployment of yours, which has it at once when it waits.
#[utoipa::path(post, path = "/api/v1/commands", tag = "commands", request_body = CreateCommand,
    responses((status = 201, description = "It is in the line", body = Envelope<CreatedCommand>), Failures, BodyFailures))]
pub async fn create_command(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    JsonBody(request): JsonBody<CreateCommand>,
) -> Result<(StatusCode, Answer<CreatedCommand>), ApiError> {
    let command = state.services.commands().create(&caller, request).await?;
    Ok((StatusCode::CREATED, Answer::item("Command created successfully", created_command(command))))
}
