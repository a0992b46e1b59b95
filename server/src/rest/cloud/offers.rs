use axum::extract::State;
use domain::{api::Envelope, cloud::Offers};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, PathPart},
    state::AppState,
};

/// What the provider of a cloud offers for a deployment: regions, sizes with the prices that it reports, operating systems.
#[utoipa::path(get, path = "/project/{id}/clouds/{cloud_id}/offers", tag = "clouds",
    params(("id" = i32, Path), ("cloud_id" = i32, Path)),
    responses((status = 200, description = "The offers", body = Envelope<Offers>), Failures))]
pub async fn cloud_offers(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathPart((id, cloud_id)): PathPart<(i32, i32)>,
) -> Result<Answer<Offers>, ApiError> {
    Ok(Answer::item("OK", state.services.clouds().offers(&caller, id, cloud_id).await?))
}
