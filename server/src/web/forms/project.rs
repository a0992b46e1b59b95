//! Actions on one project in the list: rename, duplicate, delete, download.

use axum::{
    extract::{Request, State},
    http::header,
    response::{IntoResponse as _, Redirect, Response},
};
use serde::Deserialize;

use super::{Confirmed, SignedIn, back, back_after, read};
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

pub async fn duplicate(
    State(state): State<AppState>,
    SignedIn(caller): SignedIn,
    PathId(id): PathId,
) -> Result<Response, Response> {
    state.services.projects().duplicate(&caller, id).await.map_err(|error| back("/", error))?;
    Ok(Redirect::to("/").into_response())
}

/// Deletes a project, if its name was typed correctly.
pub async fn delete(
    State(state): State<AppState>,
    SignedIn(caller): SignedIn,
    PathId(id): PathId,
    request: Request,
) -> Result<Response, Response> {
    let Confirmed { confirm_name } = read(request).await?;
    Ok(back_after("/", state.services.projects().delete(&caller, id, Some(&confirm_name)).await))
}

/// Sends the compose file as a download.
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

/// Sends the values of the variables as a download, for those who may change the project.
pub async fn download_env(
    State(state): State<AppState>,
    SignedIn(caller): SignedIn,
    PathId(id): PathId,
) -> Result<Response, Response> {
    let env = state.services.projects().env(&caller, id).await.map_err(|error| back("/", error))?;
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\".env\""),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, env.file.expose().to_owned()).into_response())
}
