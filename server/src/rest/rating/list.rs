use axum::extract::State;
use domain::{
    api::Envelope,
    rating::{Category, Rating},
};
use serde::Deserialize;

use crate::{
    auth::Anybody,
    http::{Answer, ApiError, Failures, ListMeta, PageQuery, QueryOf},
    state::AppState,
};

#[derive(Clone, Copy, Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RatingQuery {
    /// Only those of this product.
    obj_id: Option<i32>,
    /// Only those of this category.
    #[param(inline)]
    category: Option<Category>,
}

/// Ratings that are not hidden, newest first. Open to everybody.
#[utoipa::path(get, path = "/rating", tag = "ratings", security((), ("bearer" = []), ("access_token" = []), ("client" = [], "signature" = [])), params(RatingQuery, PageQuery),
    responses((status = 200, description = "`list`, and `meta.next` when there are more", body = Envelope<Rating, ListMeta>), Failures))]
pub async fn list_ratings(
    State(state): State<AppState>,
    _anybody: Anybody,
    QueryOf(query): QueryOf<RatingQuery>,
    page: PageQuery,
) -> Result<Answer<Rating, ListMeta>, ApiError> {
    let listed = state.services.ratings().list(query.obj_id, query.category, page.into()).await?;
    Ok(Answer::list("OK", listed.items).meta(ListMeta::of(listed.next)))
}
