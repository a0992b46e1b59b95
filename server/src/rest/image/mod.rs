//! `/dockerhub` and `/project/{id}/images`: what registries say.

mod check;
mod namespaces;
mod repositories;
mod tags;

use serde::Deserialize;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::state::AppState;

/// Narrows a list of Docker Hub.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct HubQuery {
    /// Only names that contain this.
    q: Option<String>,
}

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(namespaces::docker_hub_namespaces))
        .routes(routes!(repositories::docker_hub_repositories))
        .routes(routes!(tags::docker_hub_tags))
        .routes(routes!(check::check_images))
}
