use axum::extract::State;
use domain::api::{Envelope, FindingsMeta, ReplaceCompose};

use super::apply_edits::text_of;
use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, BodyFailures, ChangeFailures, Failures, IfMatch, JsonBody, PathId},
    state::AppState,
};

/// Replaces the compose file, which is stored byte for byte. Findings are in `meta`.
#[utoipa::path(put, path = "/project/{id}/compose", tag = "projects", request_body = ReplaceCompose,
    params(("id" = i32, Path), ("If-Match" = Option<String>, Header, description = "The version that this is based on, as in `ETag`")),
    responses((status = 200, description = "`item` is the text", body = Envelope<String, FindingsMeta>), Failures, BodyFailures, ChangeFailures))]
pub async fn replace_compose(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathId(id): PathId,
    based_on: IfMatch,
    JsonBody(body): JsonBody<ReplaceCompose>,
) -> Result<Answer<String, FindingsMeta>, ApiError> {
    let expected = based_on.or(body.version);
    let replaced = state.services.projects().replace_compose(&caller, id, &body.compose, expected).await;
    replaced.map(text_of).map_err(|error| based_on.refusal(error))
}
