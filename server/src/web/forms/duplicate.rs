//! `POST /projects/{id}/duplicate`

use axum::{
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};

use super::{SignedIn, back};
use crate::{http::PathId, state::AppState};

pub async fn duplicate(
    State(state): State<AppState>,
    SignedIn(caller): SignedIn,
    PathId(id): PathId,
) -> Result<Response, Response> {
    state.services.projects().duplicate(&caller, id).await.map_err(|error| back("/", error))?;
    Ok(Redirect::to("/").into_response())
}
