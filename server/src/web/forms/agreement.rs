//! `POST /agreements/{id}/accept`, with the version that was read.

use app::notice::Notice;
use axum::{
    extract::{Request, State},
    response::Response,
};
use domain::agreement::AcceptAgreement;
use serde::Deserialize;

use super::{SignedIn, back, noticed, read};
use crate::{http::PathId, state::AppState};

const PAGE: &str = "/agreements";

#[derive(Deserialize)]
struct Accepted {
    version: i32,
}

pub async fn accept(
    State(state): State<AppState>,
    SignedIn(caller): SignedIn,
    PathId(id): PathId,
    request: Request,
) -> Result<Response, Response> {
    let Accepted { version } = read(request).await?;
    let body = AcceptAgreement { agrt_id: id, version: Some(version) };
    Ok(match state.services.agreements().accept(&caller, body).await {
        Ok(_) => noticed(PAGE, Notice::AgreementAccepted),
        Err(error) => back(PAGE, error),
    })
}
