use axum::extract::State;
use domain::{
    api::Envelope,
    rating::{Category, RatingSummary},
};
use serde::Deserialize;

use crate::{
    auth::Anybody,
    http::{Answer, ApiError, Failures, QueryOf},
    state::AppState,
};

#[derive(Clone, Copy, Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SummaryQuery {
    /// The product.
    obj_id: i32,
    /// Absent: all categories together.
    #[param(inline)]
    category: Option<Category>,
}

/// Average and distribution of the ratings of a product. The average is a Bayesian mean: it begins at 5, so that one 10 does not
/// beat fifty 9s. Open to everybody.
#[utoipa::path(get, path = "/rating/summary", tag = "ratings", security((), ("bearer" = []), ("access_token" = []), ("client" = [], "signature" = [])), params(SummaryQuery),
    responses((status = 200, description = "The summary", body = Envelope<RatingSummary>), Failures))]
pub async fn summarize_ratings(
    State(state): State<AppState>,
    _anybody: Anybody,
    QueryOf(query): QueryOf<SummaryQuery>,
) -> Result<Answer<RatingSummary>, ApiError> {
    Ok(Answer::item("OK", state.services.ratings().summary(query.obj_id, query.category).await?))
}
