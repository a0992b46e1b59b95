use axum::extract::State;
use domain::{agreement::UserAgreement, api::Envelope};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, ListMeta, PageQuery, PathId},
    state::AppState,
};

/// Who accepted which version of an agreement, and when, oldest first.
#[utoipa::path(get, path = "/admin/agreement/{id}/acceptances", tag = "administration", params(("id" = i32, Path), PageQuery),
    responses((status = 200, description = "`list`, and `meta.next` when there are more", body = Envelope<UserAgreement, ListMeta>), Failures))]
pub async fn list_acceptances(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathId(id): PathId,
    page: PageQuery,
) -> Result<Answer<UserAgreement, ListMeta>, ApiError> {
    let listed = state.services.agreements().acceptances(&caller, id, page.into()).await?;
    Ok(Answer::list("OK", listed.items).meta(ListMeta::of(listed.next)))
}
