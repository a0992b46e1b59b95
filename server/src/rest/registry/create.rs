use axum::extract::State;
use domain::api::{Envelope, ErrorBody, RegistryItem, SaveRegistry};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, BodyFailures, Failures, JsonBody},
    state::AppState,
};

/// Stores credentials for the private images of one registry, for all your projects or for one. They are used to look images up
/// at that registry, and sent to the install service with deployments that use its images. The password is sealed and never shown.
#[utoipa::path(post, path = "/registry", tag = "images", request_body = SaveRegistry,
    responses((status = 200, description = "The credentials", body = Envelope<RegistryItem>),
        (status = 409, description = "There are some for this registry already", body = ErrorBody), Failures, BodyFailures))]
pub async fn create_registry(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    JsonBody(body): JsonBody<SaveRegistry>,
) -> Result<Answer<RegistryItem>, ApiError> {
    Ok(Answer::item("success", state.services.images().create_credential(&caller, body).await?))
}
