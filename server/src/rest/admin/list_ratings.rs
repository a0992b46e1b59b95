use axum::extract::State;
use domain::{api::Envelope, rating::AnyRating};
use serde::Deserialize;

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, ListMeta, PageQuery, QueryOf},
    state::AppState,
};

#[derive(Clone, Copy, Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ReportedQuery {
    /// Only those that were reported since an administrator last decided about them.
    #[serde(default)]
    #[param(required = false)]
    reported: bool,
}

/// The ratings of all users, hidden ones too, newest first.
#[utoipa::path(get, path = "/admin/rating", tag = "administration", params(ReportedQuery, PageQuery),
    responses((status = 200, description = "`list`, and `meta.next` when there are more", body = Envelope<AnyRating, ListMeta>), Failures))]
pub async fn list_any_ratings(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    QueryOf(query): QueryOf<ReportedQuery>,
    page: PageQuery,
) -> Result<Answer<AnyRating, ListMeta>, ApiError> {
    let listed = state.services.ratings().list_any(&caller, query.reported, page.into()).await?;
    Ok(Answer::list("OK", listed.items).meta(ListMeta::of(listed.next)))
}
