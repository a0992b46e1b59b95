use axum::extract::State;
use domain::api::{Envelope, SetProjectEnv};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, BodyFailures, ChangeFailures, Failures, IfMatch, JsonBody, PathId},
    state::AppState,
};

/// Sets values of variables, or removes them with null. Variables that are not named keep theirs.
#[utoipa::path(put, path = "/project/{id}/env", tag = "projects", request_body = SetProjectEnv,
    params(("id" = i32, Path), ("If-Match" = Option<String>, Header, description = "The version this is based on, as in `ETag`")),
    responses((status = 200, description = "`list` names the variables that have a value now", body = Envelope<String>), Failures, BodyFailures, ChangeFailures))]
pub async fn set_env(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathId(id): PathId,
    based_on: IfMatch,
    JsonBody(body): JsonBody<SetProjectEnv>,
) -> Result<Answer<String>, ApiError> {
    let expected = based_on.or(body.version);
    let set = state.services.projects().set_env(&caller, id, expected, body.values).await;
    let draft = set.map_err(|error| based_on.refusal(error))?;
    let names = draft.values.names().map(str::to_owned).collect();
    Ok(Answer::list("success", names).id(id).version(draft.version))
}
