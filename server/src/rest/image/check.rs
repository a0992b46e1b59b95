use axum::extract::State;
use domain::api::{CheckImages, Envelope, ImageCheck};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, BodyFailures, Failures, OptionalJsonBody, PathId},
    state::AppState,
};

/// Asks the registries about all images of a project: whether they exist, for which platforms, and whether there are newer tags.
/// The answer comes within about ten seconds; what is not known by then says so. The body may be left out.
#[utoipa::path(post, path = "/project/{id}/images/check", tag = "images", params(("id" = i32, Path)), request_body = CheckImages,
    responses((status = 200, description = "What the registries say", body = Envelope<ImageCheck>), Failures, BodyFailures))]
pub async fn check_images(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathId(id): PathId,
    OptionalJsonBody(body): OptionalJsonBody<CheckImages>,
) -> Result<Answer<ImageCheck>, ApiError> {
    Ok(Answer::item("OK", state.services.images().check(&caller, id, &body).await?))
}
