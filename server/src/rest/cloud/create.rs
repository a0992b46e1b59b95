use axum::extract::State;
use domain::{
    api::Envelope,
    cloud::{CloudBody, CloudItem},
};
use serde_json::Value;
use stacker::services::CloudError;

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, BodyFailures, Failures, JsonBody},
    state::AppState,
};

/// Adds a cloud: credentials with which the install service creates machines. They are stored, sealed, only with
/// `save_token: true`.
#[utoipa::path(post, path = "/cloud", tag = "clouds", request_body = CloudBody,
    responses((status = 200, description = "The cloud", body = Envelope<CloudItem>), Failures, BodyFailures))]
pub async fn create_cloud(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    JsonBody(body): JsonBody<Value>,
) -> Result<Answer<CloudItem>, ApiError> {
    let body = CloudBody::parse(&body).map_err(|errors| CloudError::Invalid { errors })?;
    Ok(Answer::item("success", state.services.clouds().create(&caller, &body).await?))
}
