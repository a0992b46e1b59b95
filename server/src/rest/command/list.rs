use std::time::Duration;

use axum::extract::State;
use chrono::{DateTime, Utc};
use domain::api::{Command, Envelope};
use serde::{Deserialize, Serialize};
use stacker::services::CommandFilter;

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, PathPart, QueryOf},
    state::AppState,
};

const LONGEST_WAIT: u64 = 30_000;

#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CommandsQuery {
    /// Only those that changed after this time (RFC 3339), the last changed first.
    since: Option<String>,
    /// With `since`: how many, 1 to 500; the default is 50.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<i64>,
    /// `meta.next` of the previous part.
    after: Option<String>,
    /// With `since`: how long to wait for a change if there was none, in milliseconds, up to 30000.
    #[param(maximum = 30000)]
    wait_ms: Option<u64>,
}

/// Present only if there are more.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct CommandsMeta {
    /// Send it as `after`.
    pub next: String,
}

/// The commands of one of your deployments, newest first: up to 1000, fewer if they are large.
#[utoipa::path(get, path = "/api/v1/commands/{deployment_hash}", tag = "commands",
    params(("deployment_hash" = String, Path), CommandsQuery),
    responses((status = 200, description = "`list`, and `meta.next` when there are more", body = Envelope<Command, CommandsMeta>), Failures))]
pub async fn list_commands(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    PathPart(deployment_hash): PathPart<String>,
    QueryOf(query): QueryOf<CommandsQuery>,
) -> Result<Answer<Command, CommandsMeta>, ApiError> {
    let filter = CommandFilter {
        since: query.since.as_deref().map(time).transpose()?,
        limit: query.limit,
        after: query.after,
        wait: Duration::from_millis(query.wait_ms.unwrap_or_default().min(LONGEST_WAIT)),
    };
    let list = state.services.commands().list(&caller, &deployment_hash, filter).await?;
    let meta = list.next.map(|next| CommandsMeta { next });
    Ok(Answer::list("Commands fetched successfully", list.items).meta(meta))
}

/// A `+` that the client did not escape arrives as a space.
fn time(text: &str) -> Result<DateTime<Utc>, ApiError> {
    DateTime::parse_from_rfc3339(&text.replace(' ', "+"))
        .map(|time| time.to_utc())
        .map_err(|_| ApiError::bad_request("invalid-query", "Invalid since timestamp"))
}
