//! `POST /projects/{id}/delete`: only with the project's name typed out.

use axum::{
    extract::{Request, State},
    response::{IntoResponse as _, Redirect, Response},
};

use super::{Confirmed, SignedIn, back, read};
use crate::{http::PathId, state::AppState};

pub async fn delete(
    State(state): State<AppState>,
    SignedIn(caller): SignedIn,
    PathId(id): PathId,
    request: Request,
) -> Result<Response, Response> {
    let Confirmed { confirm_name } = read(request).await?;
    let deleted = state.services.projects().delete(&caller, id, Some(&confirm_name)).await;
    deleted.map_err(|error| back("/", error))?;
    Ok(Redirect::to("/").into_response())
}
