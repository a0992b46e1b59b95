use axum::{extract::State, http::StatusCode};
use domain::api::{AccessToken, CreateAccessToken, Envelope};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, BodyFailures, Failures, JsonBody},
    state::AppState,
};

/// Creates a token. The bearer token is shown only once.
#[utoipa::path(post, path = "/api/v1/tokens", tag = "access", request_body = CreateAccessToken,
    responses((status = 201, description = "The token, with its bearer token", body = Envelope<AccessToken>), Failures, BodyFailures))]
pub async fn create_token(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    JsonBody(new): JsonBody<CreateAccessToken>,
) -> Result<(StatusCode, Answer<AccessToken>), ApiError> {
    Ok((StatusCode::CREATED, Answer::item("OK", state.services.tokens().create(&caller, new).await?)))
}
