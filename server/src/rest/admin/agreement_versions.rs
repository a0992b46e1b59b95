use axum::extract::State;
use domain::{agreement::AgreementVersion, api::Envelope};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, ListMeta, PageQuery, PathId},
    state::AppState,
};

/// Every text that an agreement has or had, newest first.
#[utoipa::path(get, path = "/admin/agreement/{id}/versions", tag = "administration", params(("id" = i32, Path), PageQuery),
    responses((status = 200, description = "`list`, and `meta.next` when there are more", body = Envelope<AgreementVersion, ListMeta>), Failures))]
pub async fn list_agreement_versions(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathId(id): PathId,
    page: PageQuery,
) -> Result<Answer<AgreementVersion, ListMeta>, ApiError> {
    let listed = state.services.agreements().versions(&caller, id, page.into()).await?;
    Ok(Answer::list("OK", listed.items).meta(ListMeta::of(listed.next)))
}
