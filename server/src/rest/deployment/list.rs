use axum::extract::{Query, State};
use domain::api::{DeploymentSummary, Envelope};
use serde::Deserialize;
use stacker::services::DeploymentFilter;
use uuid::Uuid;

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, ListMeta, PageQuery},
    state::AppState,
};

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Filter {
    /// Of this project only.
    project_id: Option<i32>,
    /// On this host only.
    host_id: Option<Uuid>,
}

/// Your deployments, newest first.
#[utoipa::path(get, path = "/api/v1/deployments", tag = "deployments", params(PageQuery, Filter),
    responses((status = 200, description = "`list`, and `meta.next` when there are more", body = Envelope<DeploymentSummary, ListMeta>), Failures))]
pub async fn list_deployments(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    page: PageQuery,
    filter: Result<Query<Filter>, axum::extract::rejection::QueryRejection>,
) -> Result<Answer<DeploymentSummary, ListMeta>, ApiError> {
    let Query(Filter { project_id, host_id }) =
        filter.map_err(|error| ApiError::bad_request("invalid-query", error.body_text()))?;
    let filter = DeploymentFilter { project_id, host_id };
    let listed = state.services.deployments().list(&caller, page.into(), filter).await?;
    Ok(Answer::list("OK", listed.items).meta(ListMeta::of(listed.next)))
}
