use axum::extract::State;
use domain::{
    api::{ApplyEdits, Envelope, FindingsMeta, ProjectDraft},
    check::Finding,
};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, BodyFailures, ChangeFailures, Failures, IfMatch, JsonBody, PathId},
    state::AppState,
};

/// Applies edits to the stack: all of them or none. Each changes only the lines that it concerns.
#[utoipa::path(post, path = "/project/{id}/edits", tag = "projects", request_body = ApplyEdits,
    params(("id" = i32, Path), ("If-Match" = Option<String>, Header, description = "The version that this is based on, as in `ETag`")),
    responses((status = 200, description = "`item` is the new text", body = Envelope<String, FindingsMeta>), Failures, BodyFailures, ChangeFailures))]
pub async fn apply_edits(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathId(id): PathId,
    based_on: IfMatch,
    JsonBody(body): JsonBody<ApplyEdits>,
) -> Result<Answer<String, FindingsMeta>, ApiError> {
    let expected = based_on.or(body.version);
    let applied = state.services.projects().apply_edits(&caller, id, expected, &body.edits).await;
    applied.map(text_of).map_err(|error| based_on.refusal(error))
}

/// The text after a change, its version, and what the rules say about it.
pub(super) fn text_of((draft, findings): (ProjectDraft, Vec<Finding>)) -> Answer<String, FindingsMeta> {
    let meta = FindingsMeta { findings, version: Some(draft.version) };
    Answer::item("success", draft.compose).id(draft.id).meta(meta).version(draft.version)
}
