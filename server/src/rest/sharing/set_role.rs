use axum::extract::State;
use domain::api::{Envelope, GiveRole, Member};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, BodyFailures, Failures, JsonBody, PathPart},
    state::AppState,
};

/// Makes a member of one of your projects a viewer, an operator or an editor.
#[utoipa::path(put, path = "/project/{id}/members/{user_id}", tag = "sharing",
    params(("id" = i32, Path), ("user_id" = String, Path)), request_body = GiveRole,
    responses((status = 200, description = "The member", body = Envelope<Member>), Failures, BodyFailures))]
pub async fn set_member_role(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathPart((id, user_id)): PathPart<(i32, String)>,
    JsonBody(GiveRole { role }): JsonBody<GiveRole>,
) -> Result<Answer<Member>, ApiError> {
    Ok(Answer::item("OK", state.services.projects().set_role(&caller, id, &user_id, role).await?))
}
