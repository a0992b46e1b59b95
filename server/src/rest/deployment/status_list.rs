use axum::extract::State;
use domain::api::{DeploymentSummary, Envelope};
use stacker::services::DeploymentFilter;

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, ListMeta, PageQuery},
    state::AppState,
};

/// The state of all your deployments, newest first: the same as `GET /api/v1/deployments`.
#[utoipa::path(get, path = "/project/deploy/status", tag = "deployments", params(PageQuery),
    responses((status = 200, description = "`list`, and `meta.next` when there are more", body = Envelope<DeploymentSummary, ListMeta>), Failures))]
pub async fn list_deployment_status(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    page: PageQuery,
) -> Result<Answer<DeploymentSummary, ListMeta>, ApiError> {
    let filter = DeploymentFilter::default();
    let listed = state.services.deployments().list(&caller, page.into(), filter).await?;
    Ok(Answer::list("OK", listed.items).meta(ListMeta::of(listed.next)))
}
