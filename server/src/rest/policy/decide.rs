use axum::extract::State;
use domain::api::{Envelope, PolicyDecision, SubjectKind};
use serde::Deserialize;
use stacker::services::{Question, SubjectQuery};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, QueryOf},
    state::AppState,
};

/// Every value has a default, so that a missing one is reported only after the caller is authenticated.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DecisionQuery {
    /// A role, a user, or an API client.
    #[serde(default)]
    #[param(required = true, example = "group_user")]
    subject: String,
    #[serde(default)]
    #[param(required = true, example = "GET")]
    method: String,
    /// Of a route, with real ids in it.
    #[serde(default)]
    #[param(required = true, example = "/project/7")]
    path: String,
    /// `role`, `user` or `client`; whatever the subject is known as unless it says so.
    kind: Option<SubjectKind>,
    /// Of a user: the role to ask with, instead of the one that is known here.
    role: Option<String>,
}

impl From<DecisionQuery> for Question {
    fn from(query: DecisionQuery) -> Self {
        let subject = SubjectQuery { id: query.subject, kind: query.kind, role: query.role };
        Self { subject, method: query.method, path: query.path }
    }
}

/// Whether the rules allow a subject to request a path, which rule allows it, and which rules come close if none does. It uses
/// the rules that are in force on this server and sends no request. Use cases check ownership and scope after the rules.
#[utoipa::path(get, path = "/api/v1/policy/decision", tag = "administration", params(DecisionQuery),
    responses((status = 200, description = "The decision, and why", body = Envelope<PolicyDecision>), Failures))]
pub async fn decide_policy(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    QueryOf(query): QueryOf<DecisionQuery>,
) -> Result<Answer<PolicyDecision>, ApiError> {
    Ok(Answer::item("OK", state.services.rules().decide(&caller, &query.into()).await?))
}
