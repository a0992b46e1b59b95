use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::{Response, sse::Event},
};
use domain::api::DeploymentProgress;
use futures::stream;
use serde::Deserialize;
use stacker::services::ProgressStream;

use crate::{
    http::{ApiError, Failures, PathPart, QueryOf, sse_response},
    state::AppState,
};

#[derive(Clone, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TokenQuery {
    /// A status token, for clients that cannot send a header (EventSource).
    token: Option<String>,
}

/// Follows a deployment with a status token, also from pages of other origins (`cors.allowed_origins`): `text/event-stream`, an
/// event `status` at once and after each change, until the token is void.
#[utoipa::path(get, path = "/api/v1/deployments/{deployment_hash}/status", tag = "deployments", security(()),
    params(("deployment_hash" = String, Path), TokenQuery, ("Authorization" = Option<String>, Header, description = "`Bearer`, and the token")),
    responses((status = 200, description = "Events, until the token expires or is revoked", content_type = "text/event-stream", body = DeploymentProgress), Failures))]
pub async fn follow_with_token(
    State(state): State<AppState>,
    PathPart(hash): PathPart<String>,
    QueryOf(TokenQuery { token }): QueryOf<TokenQuery>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let token = bearer(&headers).or(token).ok_or_else(ApiError::unauthenticated)?;
    let progress = state.services.deployments().follow_with_token(&hash, &token).await?;
    let progress = progress.ok_or_else(ApiError::bad_credentials)?;
    let events = stream::unfold(progress, |mut progress: ProgressStream| async move {
        match progress.next().await {
            Ok(next) => next.map(|next| (written(&next), progress)),
            Err(error) => {
                tracing::error!(?error, "a stream of progress broke");
                None
            }
        }
    });
    let mut response = sse_response(events);
    response.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    Ok(response)
}

fn bearer(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
}

fn written(progress: &DeploymentProgress) -> Event {
    let event = Event::default().event("status");
    event.json_data(progress).unwrap_or_else(|_| Event::default().comment("?"))
}
