use axum::extract::State;
use domain::api::{Envelope, ProgressAnswer, ReportProgress};

use crate::{
    auth::AgentRequest,
    http::{Answer, ApiError, BodyFailures, Failures},
    state::AppState,
};

/// Reports what an agent is doing. Extends its time, and tells it when to stop.
#[utoipa::path(post, path = "/api/v1/agent/commands/progress", tag = "agents", request_body = ReportProgress,
    responses((status = 200, description = "Whether to continue", body = Envelope<ProgressAnswer>), Failures, BodyFailures))]
pub async fn report_progress(
    State(state): State<AppState>,
    request: AgentRequest,
) -> Result<Answer<ProgressAnswer>, ApiError> {
    state.rates.said(request.agent.id)?;
    let progress: ReportProgress = request.json()?;
    let answer = state.services.commands().progress(&request.agent, progress).await?;
    Ok(Answer::item("OK", answer))
}
