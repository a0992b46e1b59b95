use axum::extract::{Path, State};
use domain::api::{Envelope, Project};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, ListMeta, PageQuery},
    state::AppState,
};

/// The projects of a user.
#[utoipa::path(get, path = "/admin/project/user/{user_id}", tag = "administration", params(("user_id" = String, Path), PageQuery),
    responses((status = 200, description = "`list`, and `meta.next` when there are more", body = Envelope<Project, ListMeta>), Failures))]
pub async fn list_projects_of_user(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    Path(user_id): Path<String>,
    page: PageQuery,
) -> Result<Answer<Project, ListMeta>, ApiError> {
    let listed = state.services.projects().list_of_user(&caller, &user_id, page.into()).await?;
    Ok(Answer::list("OK", listed.items).meta(ListMeta::of(listed.next)))
}
