//! `POST /clients/{id}/delete`, which requires that the client's name is typed.

use axum::{
    extract::{Request, State},
    response::Response,
};

use super::{Confirmed, SignedIn, back_after, read};
use crate::{http::PathId, state::AppState};

const PAGE: &str = "/access";

pub async fn delete(
    State(state): State<AppState>,
    SignedIn(caller): SignedIn,
    PathId(id): PathId,
    request: Request,
) -> Result<Response, Response> {
    let Confirmed { confirm_name } = read(request).await?;
    Ok(back_after(PAGE, state.services.clients().delete(&caller, id, Some(&confirm_name)).await))
}
