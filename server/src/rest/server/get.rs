use axum::extract::State;
use domain::{api::Envelope, cloud::ServerItem};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, PathId},
    state::AppState,
};

/// One of your servers.
#[utoipa::path(get, path = "/server/{id}", tag = "clouds", params(("id" = i32, Path)),
    responses((status = 200, description = "The server", body = Envelope<ServerItem>), Failures))]
pub async fn get_server(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathId(id): PathId,
) -> Result<Answer<ServerItem>, ApiError> {
    Ok(Answer::item("OK", state.services.servers().get(&caller, id).await?))
}
