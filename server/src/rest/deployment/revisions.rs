use axum::extract::State;
use domain::api::{Envelope, RevisionSummary};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, ListMeta, PageQuery, PathPart},
    state::AppState,
};

/// What was planned and deployed, newest first, without the texts.
#[utoipa::path(get, path = "/api/v1/deployments/{deployment_hash}/revisions", tag = "deployments",
    params(("deployment_hash" = String, Path), PageQuery),
    responses((status = 200, description = "`list`, and `meta.next` when there are more", body = Envelope<RevisionSummary, ListMeta>), Failures))]
pub async fn list_revisions(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathPart(hash): PathPart<String>,
    page: PageQuery,
) -> Result<Answer<RevisionSummary, ListMeta>, ApiError> {
    let listed = state.services.deployments().revisions(&caller, &hash, page.into()).await?;
    Ok(Answer::list("OK", listed.items).meta(ListMeta::of(listed.next)))
}
