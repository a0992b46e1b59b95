use axum::extract::State;
use domain::api::{Envelope, ErrorBody, Host};
use serde::Deserialize;
use stacker::services::LiveDeployments;
use uuid::Uuid;

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Confirmation, Failures, PathPart, QueryOf},
    state::AppState,
};

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Force {
    /// Also with live deployments: they end as `cancelled`, and what runs on the host stays as it is.
    #[serde(default)]
    force: bool,
}

/// Revokes the access of the agent of a host.
#[utoipa::path(delete, path = "/api/v1/hosts/{id}", tag = "hosts", params(("id" = Uuid, Path), Force, Confirmation),
    responses((status = 200, description = "Revoked", body = Envelope<Host>),
        (status = 409, description = "A deployment is live on it", body = ErrorBody), Failures))]
pub async fn revoke_host(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathPart(id): PathPart<Uuid>,
    QueryOf(Force { force }): QueryOf<Force>,
    QueryOf(Confirmation { confirm_name }): QueryOf<Confirmation>,
) -> Result<Answer<Host>, ApiError> {
    let live = if force { LiveDeployments::Cancel } else { LiveDeployments::Refuse };
    state.services.hosts().revoke(&caller, id, confirm_name.as_deref(), live).await?;
    Ok(Answer::message("Revoked"))
}
