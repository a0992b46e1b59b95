//! `POST /projects/{id}/delete`: only with the project's name typed out.

use app::notice::Notice;
use axum::{
    extract::{Request, State},
    response::{IntoResponse as _, Redirect, Response},
};
use serde::Deserialize;

use super::{SignedIn, back, noticed, read};
use crate::{rest::PathId, state::AppState};

#[derive(Deserialize)]
struct Delete {
    confirm_name: String,
}

pub async fn delete(
    State(state): State<AppState>,
    SignedIn(caller): SignedIn,
    PathId(id): PathId,
    request: Request,
) -> Result<Response, Response> {
    let Delete { confirm_name } = read(request).await?;
    let projects = state.services.projects();
    let project = projects.get_draft(&caller, id).await.map_err(|error| back("/", error))?;
    if project.name.trim() != confirm_name.trim() {
        return Err(noticed("/", Notice::ConfirmMismatch));
    }
    projects.delete(&caller, id).await.map_err(|error| back("/", error))?;
    Ok(Redirect::to("/").into_response())
}
