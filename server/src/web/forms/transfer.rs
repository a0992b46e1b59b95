//! `POST /projects/{id}/transfer`: to a member, and only with the project's name typed out.

use axum::{
    extract::{Request, State},
    response::{IntoResponse as _, Redirect, Response},
};
use domain::api::TransferProject;

use super::{SignedIn, back_from_sharing, read};
use crate::{http::PathId, state::AppState};

pub async fn transfer(
    State(state): State<AppState>,
    SignedIn(caller): SignedIn,
    PathId(id): PathId,
    request: Request,
) -> Result<Response, Response> {
    let people = format!("/projects/{id}/people");
    let request: TransferProject = read(request).await?;
    let given = state.services.projects().transfer(&caller, id, request).await;
    given.map_err(|error| back_from_sharing(&people, error))?;
    Ok(Redirect::to(&people).into_response())
}
