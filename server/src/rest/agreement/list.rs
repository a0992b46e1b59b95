use axum::extract::State;
use domain::{agreement::Agreement, api::Envelope};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, ListMeta, PageQuery},
    state::AppState,
};

/// All agreements, oldest first, and when you accepted their newest text.
#[utoipa::path(get, path = "/agreement", tag = "agreements", params(PageQuery),
    responses((status = 200, description = "`list`, and `meta.next` when there are more", body = Envelope<Agreement, ListMeta>), Failures))]
pub async fn list_agreements(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    page: PageQuery,
) -> Result<Answer<Agreement, ListMeta>, ApiError> {
    let listed = state.services.agreements().list(&caller, page.into()).await?;
    Ok(Answer::list("OK", listed.items).meta(ListMeta::of(listed.next)))
}
