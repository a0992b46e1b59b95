use axum::extract::State;
use domain::{
    api::Envelope,
    cloud::{ServerBody, ServerItem},
};
use serde_json::Value;
use stacker::services::CloudError;

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, BodyFailures, Failures, JsonBody, PathId},
    state::AppState,
};

/// Replaces what is known of a server: what the body leaves out becomes null. Nothing changes at the provider.
#[utoipa::path(put, path = "/server/{id}", tag = "clouds", params(("id" = i32, Path)), request_body = ServerBody,
    responses((status = 200, description = "The server", body = Envelope<ServerItem>), Failures, BodyFailures))]
pub async fn update_server(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathId(id): PathId,
    JsonBody(body): JsonBody<Value>,
) -> Result<Answer<ServerItem>, ApiError> {
    let body = ServerBody::parse(&body).map_err(|errors| CloudError::Invalid { errors })?;
    Ok(Answer::item("success", state.services.servers().update(&caller, id, body).await?))
}
