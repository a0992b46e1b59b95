use axum::extract::State;
use domain::api::{Envelope, Invitation};
use uuid::Uuid;

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, PathPart},
    state::AppState,
};

/// Withdraws an invitation to one of your projects: its code becomes invalid.
#[utoipa::path(delete, path = "/project/{id}/invitations/{invitation_id}", tag = "sharing",
    params(("id" = i32, Path), ("invitation_id" = Uuid, Path)),
    responses((status = 200, description = "Withdrawn", body = Envelope<Invitation>), Failures))]
pub async fn withdraw_invitation(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathPart((id, invitation)): PathPart<(i32, Uuid)>,
) -> Result<Answer<Invitation>, ApiError> {
    state.services.projects().withdraw_invitation(&caller, id, invitation).await?;
    Ok(Answer::message("Withdrawn"))
}
