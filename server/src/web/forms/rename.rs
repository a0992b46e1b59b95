//! `POST /projects/{id}/rename`

use axum::{
    extract::{Request, State},
    response::{IntoResponse as _, Redirect, Response},
};
use serde::Deserialize;

use super::{SignedIn, back, read};
use crate::{http::PathId, state::AppState};

#[derive(Deserialize)]
struct Rename {
    name: String,
}

pub async fn rename(
    State(state): State<AppState>,
    SignedIn(caller): SignedIn,
    PathId(id): PathId,
    request: Request,
) -> Result<Response, Response> {
    let Rename { name } = read(request).await?;
    state.services.projects().rename(&caller, id, &name).await.map_err(|error| back("/", error))?;
    Ok(Redirect::to("/").into_response())
}
