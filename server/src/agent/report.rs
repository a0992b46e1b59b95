use axum::extract::State;
use domain::api::{Envelope, ReportAnswer, ReportCommand};

use crate::{
    auth::AgentRequest,
    http::{Answer, ApiError, BodyFailures, Failures},
    state::AppState,
};

/// Reports how a command ended. It may be sent again; the first report counts.
#[utoipa::path(post, path = "/api/v1/agent/commands/report", tag = "agents", request_body = ReportCommand,
    responses((status = 200, description = "Stored", body = Envelope<ReportAnswer>), Failures, BodyFailures))]
pub async fn report_command(
    State(state): State<AppState>,
    request: AgentRequest,
) -> Result<Answer<ReportAnswer>, ApiError> {
    state.rates.agent(request.agent.id)?;
    let report: ReportCommand = request.json()?;
    let answer = state.services.commands().report(&request.agent, report, Some(request.address)).await?;
    Ok(Answer::item("Result accepted", answer))
}
