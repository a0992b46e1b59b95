//! `POST /hosts/{id}/rename`, and `POST /hosts/{id}/revoke`, which requires that the host's name is typed.

use app::notice::Notice;
use axum::{
    extract::{Path, Request, State},
    response::{IntoResponse as _, Redirect, Response},
};
use serde::Deserialize;
use stacker::services::LiveDeployments;

use super::{Confirmed, SignedIn, back_as, noticed, read};
use crate::state::AppState;

const PAGE: &str = "/hosts";

#[derive(Deserialize)]
struct Rename {
    name: String,
}

pub async fn rename(
    State(state): State<AppState>,
    SignedIn(caller): SignedIn,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Response> {
    let id = id.parse().map_err(|_| noticed(PAGE, Notice::NoSuchHost))?;
    let Rename { name } = read(request).await?;
    state
        .services
        .hosts()
        .rename(&caller, id, &name)
        .await
        .map_err(|error| back_as(PAGE, error, host_notice))?;
    Ok(Redirect::to(PAGE).into_response())
}

/// The dialog has already warned that live deployments end with the host.
pub async fn revoke(
    State(state): State<AppState>,
    SignedIn(caller): SignedIn,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Response> {
    let id = id.parse().map_err(|_| noticed(PAGE, Notice::NoSuchHost))?;
    let Confirmed { confirm_name } = read(request).await?;
    let hosts = state.services.hosts();
    hosts
        .revoke(&caller, id, Some(&confirm_name), LiveDeployments::Cancel)
        .await
        .map_err(|error| back_as(PAGE, error, host_notice))?;
    Ok(Redirect::to(PAGE).into_response())
}

fn host_notice(notice: Notice) -> Notice {
    match notice {
        Notice::NotFound => Notice::NoSuchHost,
        Notice::NameInvalid => Notice::HostNameInvalid,
        Notice::ConfirmMismatch => Notice::HostConfirmMismatch,
        other => other,
    }
}
