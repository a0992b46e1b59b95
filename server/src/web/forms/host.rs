//! `POST /hosts/{id}/rename`, and `POST /hosts/{id}/revoke`, which requires that the host's name is typed.

use app::notice::Notice;
use axum::{
    extract::{Path, Request, State},
    response::{IntoResponse as _, Redirect, Response},
};
use serde::Deserialize;
use stacker::services::{HostError, LiveDeployments};

use super::{Confirmed, SignedIn, noticed, read};
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
    state.services.hosts().rename(&caller, id, &name).await.map_err(back)?;
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
    hosts.revoke(&caller, id, Some(&confirm_name), LiveDeployments::Cancel).await.map_err(back)?;
    Ok(Redirect::to(PAGE).into_response())
}

fn back(error: HostError) -> Response {
    let notice = match error {
        HostError::NotFound(_) => Notice::NoSuchHost,
        HostError::Forbidden => Notice::Forbidden,
        HostError::NameInvalid => Notice::HostNameInvalid,
        HostError::LacksRole(_) => Notice::LacksRole,
        HostError::NotConfirmed(_) => Notice::HostConfirmMismatch,
        HostError::LimitReached(_) => Notice::LimitReached,
        HostError::HasDeployments | HostError::NoAgent => Notice::Failed,
        HostError::Internal(cause) => {
            tracing::error!(error = ?cause, "a form failed inside");
            Notice::Failed
        }
    };
    noticed(PAGE, notice)
}
