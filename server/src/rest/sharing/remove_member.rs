use axum::extract::State;
use domain::api::{Envelope, ErrorBody, Member};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, PathPart},
    state::AppState,
};

/// Removes a member from one of your projects. With your own id, you leave a project of another user.
#[utoipa::path(delete, path = "/project/{id}/members/{user_id}", tag = "sharing",
    params(("id" = i32, Path), ("user_id" = String, Path)),
    responses((status = 200, description = "Removed", body = Envelope<Member>),
        (status = 409, description = "The owner cannot be removed", body = ErrorBody), Failures))]
pub async fn remove_member(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathPart((id, user_id)): PathPart<(i32, String)>,
) -> Result<Answer<Member>, ApiError> {
    state.services.projects().remove_member(&caller, id, &user_id).await?;
    Ok(Answer::message("Removed"))
}
