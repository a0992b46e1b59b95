//! `GET /projects/{id}/docker-compose.yml`: the compose file as a file.

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse as _, Response},
};

use super::{SignedIn, back};
use crate::{http::PathId, state::AppState};

pub async fn download(
    State(state): State<AppState>,
    SignedIn(caller): SignedIn,
    PathId(id): PathId,
) -> Result<Response, Response> {
    let compose = state.services.projects().compose(&caller, id).await.map_err(|error| back("/", error))?;
    let headers = [
        (header::CONTENT_TYPE, "application/yaml; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"docker-compose.yml\""),
    ];
    Ok((headers, compose).into_response())
}
