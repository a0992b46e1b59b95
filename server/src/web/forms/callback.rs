//! `POST /callbacks/{id}/delete`, which requires that the host of the address is typed.

use axum::{
    extract::{Request, State},
    response::Response,
};
use uuid::Uuid;

use super::{Confirmed, SignedIn, back_after, read};
use crate::{http::PathPart, state::AppState};

const PAGE: &str = "/callbacks";

pub async fn delete(
    State(state): State<AppState>,
    SignedIn(caller): SignedIn,
    PathPart(id): PathPart<Uuid>,
    request: Request,
) -> Result<Response, Response> {
    let Confirmed { confirm_name } = read(request).await?;
    Ok(back_after(PAGE, state.services.callbacks().delete(&caller, id, Some(&confirm_name)).await))
}
