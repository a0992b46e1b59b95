//! `POST /clouds/{id}/delete`, which requires that the cloud's name is typed.

use axum::{
    extract::{Request, State},
    response::{IntoResponse as _, Redirect, Response},
};

use super::{Confirmed, SignedIn, back, read};
use crate::{http::PathId, state::AppState};

const PAGE: &str = "/clouds";

pub async fn delete(
    State(state): State<AppState>,
    SignedIn(caller): SignedIn,
    PathId(id): PathId,
    request: Request,
) -> Result<Response, Response> {
    let Confirmed { confirm_name } = read(request).await?;
    state
        .services
        .clouds()
        .delete(&caller, id, Some(&confirm_name))
        .await
        .map_err(|error| back(PAGE, error))?;
    Ok(Redirect::to(PAGE).into_response())
}
