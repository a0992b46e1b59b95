use axum::extract::State;
use domain::{api::Envelope, cloud::ServerItem};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, PathId},
    state::AppState,
};

/// Deletes what is stored of a server. The machine keeps running at the provider.
#[utoipa::path(delete, path = "/server/{id}", tag = "clouds", params(("id" = i32, Path)),
    responses((status = 200, description = "Deleted", body = Envelope<ServerItem>), Failures))]
pub async fn delete_server(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathId(id): PathId,
) -> Result<Answer<ServerItem>, ApiError> {
    state.services.servers().delete(&caller, id).await?;
    Ok(Answer::message("Item deleted"))
}
