//! `POST /projects/join`: into somebody else's project, with the code they sent.

use axum::{
    extract::{Request, State},
    response::{IntoResponse as _, Redirect, Response},
};
use domain::api::JoinProject;

use super::{SignedIn, back_from_sharing, read};
use crate::state::AppState;

pub async fn join(
    State(state): State<AppState>,
    SignedIn(caller): SignedIn,
    request: Request,
) -> Result<Response, Response> {
    let JoinProject { code } = read(request).await?;
    let joined = state.services.projects().join(&caller, &code).await;
    let joined = joined.map_err(|error| back_from_sharing("/", error))?;
    Ok(Redirect::to(&format!("/projects/{}", joined.project_id)).into_response())
}
