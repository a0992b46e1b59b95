use axum::extract::State;
use domain::api::{Envelope, Project};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, ListMeta, PageQuery},
    state::AppState,
};

/// Your projects, in the order in which they were created.
#[utoipa::path(get, path = "/project", tag = "projects", params(PageQuery),
    responses((status = 200, description = "`list`, and `meta.next` when there are more", body = Envelope<Project, ListMeta>), Failures))]
pub async fn list_projects(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    page: PageQuery,
) -> Result<Answer<Project, ListMeta>, ApiError> {
    let listed = state.services.projects().list(&caller, page.into()).await?;
    Ok(Answer::list("OK", listed.items).meta(ListMeta::of(listed.next)))
}
