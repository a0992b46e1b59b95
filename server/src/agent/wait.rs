use std::time::Duration;

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse as _, Response},
};
use domain::api::Command;
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};

use super::delivery::DeliveryBody;
use crate::{
    auth::AgentRequest,
    http::{ApiError, Failures, PathPart, QueryOf},
    state::AppState,
};

/// The limits of `timeout` that legacy agents know, in seconds.
const SHORTEST: u64 = 5;
const LONGEST: u64 = 120;

#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct WaitQuery {
    /// How long the request is held when there is nothing, in seconds; 5 to 120.
    #[param(minimum = 5, maximum = 120)]
    timeout: Option<u64>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct WaitAnswer {
    message: &'static str,
    /// Null when there is nothing to do.
    item: Option<Command>,
    meta: WaitMeta,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct WaitMeta {
    /// Seconds until the agent should come again. 0: at once.
    next_poll_secs: u64,
    /// After a rotation: the token to use from now on. The one before ends some minutes after the first use of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// The next command for an agent. The request is held until there is one, or until the time is over.
#[utoipa::path(get, path = "/api/v1/agent/commands/wait/{deployment_hash}", tag = "agents",
    params(("deployment_hash" = String, Path, description = "The channel of the agent: a deployment hash, or `host_` and an id"), WaitQuery),
    responses((status = 200, description = "A command, or none", body = WaitAnswer), Failures))]
pub async fn wait_for_command(
    State(state): State<AppState>,
    PathPart(channel): PathPart<String>,
    QueryOf(query): QueryOf<WaitQuery>,
    request: AgentRequest,
) -> Result<Response, ApiError> {
    let (agent, address) = request.into_agent();
    state.rates.poll(agent.id)?;
    let default = state.poll_timeout.as_secs();
    let hold = Duration::from_secs(query.timeout.unwrap_or(default).clamp(SHORTEST, LONGEST));
    let commands = state.services.commands();
    let poll = commands.wait(&agent, &channel, hold, Some(address)).await?;

    let meta = WaitMeta {
        next_poll_secs: poll.next_poll_secs,
        next_token: poll.new_token.map(|token| token.expose_secret().to_owned()),
    };
    let message = if poll.found.is_some() { "Command available" } else { "No command available" };
    let item = poll.found.as_ref().map(|delivery| delivery.command.clone());
    let text = serde_json::to_vec(&WaitAnswer { message, item, meta })
        .map_err(|error| ApiError::internal(&error))?;
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
    Ok((headers, DeliveryBody::new(text, poll.found).into_body()).into_response())
}
