use axum::extract::State;
use domain::api::{ApiClient, CreateApiClient, Envelope};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, BodyFailures, Failures, OptionalJsonBody},
    state::AppState,
};

/// Creates an API client, which signs its requests. Its secret is shown only once; the body is optional.
#[utoipa::path(post, path = "/client", tag = "access", request_body = Option<CreateApiClient>,
    responses((status = 200, description = "The client, with its secret", body = Envelope<ApiClient>), Failures, BodyFailures))]
pub async fn create_client(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    OptionalJsonBody(new): OptionalJsonBody<CreateApiClient>,
) -> Result<Answer<ApiClient>, ApiError> {
    Ok(Answer::item("Ok", state.services.clients().create(&caller, new).await?))
}
