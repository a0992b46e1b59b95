use axum::http::StatusCode;
use domain::api::{Envelope, KnownClient};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures},
};

/// Tests whether a request is signed correctly: returns the client that signed it.
#[utoipa::path(post, path = "/test/deploy", tag = "access",
    responses((status = 200, description = "The client", body = Envelope<KnownClient>), Failures))]
pub async fn test_deploy(Authenticated(caller): Authenticated) -> Result<Answer<KnownClient>, ApiError> {
    let id = caller.client.ok_or_else(|| {
        let message = "this is for API clients: sign the request, with stacker-id and stacker-hash";
        ApiError::new(StatusCode::FORBIDDEN, "forbidden", message)
    })?;
    Ok(Answer::item("success", KnownClient { id, user_id: caller.user_id }))
}
