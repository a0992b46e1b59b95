//! `POST /projects/join`: into somebody else's project, with the code they sent.

use app::notice::Notice;
use axum::{
    extract::{Request, State},
    response::{IntoResponse as _, Redirect, Response},
};
use serde::Deserialize;
use stacker::services::SharingError;

use super::{SignedIn, noticed, read};
use crate::state::AppState;

#[derive(Deserialize)]
struct Join {
    code: String,
}

pub async fn join(
    State(state): State<AppState>,
    SignedIn(caller): SignedIn,
    request: Request,
) -> Result<Response, Response> {
    let Join { code } = read(request).await?;
    let joined = state.services.projects().join(&caller, &code).await.map_err(back)?;
    Ok(Redirect::to(&format!("/projects/{}", joined.project_id)).into_response())
}

fn back(error: SharingError) -> Response {
    let notice = match error {
        SharingError::InvitationInvalid => Notice::InvitationInvalid,
        SharingError::OwnerStays => Notice::OwnProject,
        SharingError::TooManyMembers { .. } => Notice::LimitReached,
        SharingError::Internal(cause) => {
            tracing::error!(error = ?cause, "a form failed inside");
            Notice::Failed
        }
        _ => Notice::Forbidden,
    };
    noticed("/", notice)
}
