use axum::extract::State;
use domain::{api::Envelope, cloud::CloudItem};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, ListMeta, PageQuery},
    state::AppState,
};

/// Your clouds, in the order in which they were added. Secrets are masked.
#[utoipa::path(get, path = "/cloud", tag = "clouds", params(PageQuery),
    responses((status = 200, description = "`list`", body = Envelope<CloudItem, ListMeta>), Failures))]
pub async fn list_clouds(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    page: PageQuery,
) -> Result<Answer<CloudItem, ListMeta>, ApiError> {
    let clouds = state.services.clouds().list(&caller, page.into()).await?;
    Ok(Answer::list("OK", clouds.items).meta(ListMeta::of(clouds.next)))
}
