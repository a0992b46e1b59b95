use axum::extract::State;
use domain::{api::Envelope, cloud::ServerItem};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, ListMeta, PageQuery},
    state::AppState,
};

/// The machines that the install service created or uses for you, in the order of creation.
#[utoipa::path(get, path = "/server", tag = "clouds", params(PageQuery),
    responses((status = 200, description = "`list`", body = Envelope<ServerItem, ListMeta>), Failures))]
pub async fn list_servers(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    page: PageQuery,
) -> Result<Answer<ServerItem, ListMeta>, ApiError> {
    let servers = state.services.servers().list(&caller, page.into()).await?;
    Ok(Answer::list("OK", servers.items).meta(ListMeta::of(servers.next)))
}
