use std::net::IpAddr;

use axum::{
    Json,
    extract::{FromRequest, Request, State},
    http::StatusCode,
};
use domain::api::{RegisterAgent, RegisterAnswer, RegisterAnswerData, RegisteredAgent};
use secrecy::{ExposeSecret as _, SecretString};

use crate::{
    auth::{bearer_of, peer},
    http::{ApiError, BodyFailures, Failures, JsonBody, in_time},
    state::AppState,
};

/// The version that legacy agents expect, not the version of this server.
const DASHBOARD_VERSION: &str = "2.0.0";
const API_VERSIONS: [&str; 1] = ["1.0"];

pub struct Registration {
    request: RegisterAgent,
    /// The token of an agent that registers again.
    bearer: Option<SecretString>,
    address: IpAddr,
}

impl FromRequest<AppState> for Registration {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, ApiError> {
        let (bearer, address) = (bearer_of(request.headers()), peer(&request));
        let reading = JsonBody::from_request(request, state);
        let JsonBody(request) = in_time(state.limits.request_timeout, reading).await?;
        Ok(Self { request, bearer, address })
    }
}

/// Registers an agent: the first one of a deployment, or one with an enrolment code. The token is shown only once.
#[utoipa::path(post, path = "/api/v1/agent/register", tag = "agents", security(()), request_body = RegisterAgent,
    responses((status = 201, description = "A new agent", body = RegisterAnswer),
        (status = 200, description = "Registered again. With its token, no new token is shown; with a code, the earlier token becomes invalid", body = RegisterAnswer),
        (status = 409, description = "The deployment already has an agent", body = domain::api::ErrorBody),
        Failures, BodyFailures))]
pub async fn register_agent(
    State(state): State<AppState>,
    registration: Registration,
) -> Result<(StatusCode, Json<RegisterAnswer>), ApiError> {
    let Registration { request, bearer, address } = registration;
    state.rates.registration(address, &request.deployment_hash)?;
    let registered = state.services.agents().register(&request, bearer.as_ref(), Some(address)).await?;
    let status = if registered.is_new { StatusCode::CREATED } else { StatusCode::OK };
    let item = RegisteredAgent {
        agent_id: registered.agent_id,
        agent_token: registered.token.map(|token| token.expose_secret().to_owned()),
        dashboard_version: DASHBOARD_VERSION.to_owned(),
        supported_api_versions: API_VERSIONS.map(str::to_owned).to_vec(),
        channel: registered.channel,
    };
    Ok((status, Json(RegisterAnswer { data: RegisterAnswerData { item } })))
}
