use axum::extract::State;
use domain::api::{ApiClient, CreateApiClient, Envelope};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, BodyFailures, Failures, OptionalJsonBody},
    state::AppState,
};

/// The same as `POST /client`.
#[utoipa::path(post, path = "/apiclient", tag = "access", request_body = Option<CreateApiClient>,
    responses((status = 200, description = "The client, with its secret", body = Envelope<ApiClient>), Failures, BodyFailures))]
pub async fn create_apiclient(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    OptionalJsonBody(new): OptionalJsonBody<CreateApiClient>,
) -> Result<Answer<ApiClient>, ApiError> {
    Ok(Answer::item("Ok", state.services.clients().create(&caller, new).await?))
}
