use axum::extract::State;
use domain::{
    api::Envelope,
    cloud::{CloudBody, CloudItem},
};
use serde_json::Value;
use stacker::services::CloudError;

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, BodyFailures, Failures, JsonBody, PathId},
    state::AppState,
};

/// Replaces a cloud. A secret that is absent, null or masked stays as it is; an empty one is removed.
#[utoipa::path(put, path = "/cloud/{id}", tag = "clouds", params(("id" = i32, Path)), request_body = CloudBody,
    responses((status = 200, description = "The cloud", body = Envelope<CloudItem>), Failures, BodyFailures))]
pub async fn update_cloud(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathId(id): PathId,
    JsonBody(body): JsonBody<Value>,
) -> Result<Answer<CloudItem>, ApiError> {
    let body = CloudBody::parse(&body).map_err(|errors| CloudError::Invalid { errors })?;
    Ok(Answer::item("success", state.services.clouds().update(&caller, id, &body).await?))
}
