use axum::{extract::State, http::StatusCode};
use domain::api::{CreateCommand, CreatedCommand, Envelope};

use super::create::created_command;
use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, BodyFailures, Failures, JsonBody},
    state::AppState,
};

/// The same as `POST /api/v1/commands`, under its earlier name.
#[utoipa::path(post, path = "/api/v1/agent/commands/enqueue", tag = "commands", request_body = CreateCommand,
    responses((status = 201, description = "Queued", body = Envelope<CreatedCommand>), Failures, BodyFailures))]
pub async fn enqueue_command(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    JsonBody(request): JsonBody<CreateCommand>,
) -> Result<(StatusCode, Answer<CreatedCommand>), ApiError> {
    let command = state.services.commands().create(&caller, request).await?;
    Ok((StatusCode::CREATED, Answer::item("Command enqueued", created_command(command))))
}
