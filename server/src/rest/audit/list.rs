use axum::extract::State;
use domain::{
    api::Envelope,
    audit::{AuditLine, AuditQuery},
};
use serde::Serialize;

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, AuditPartQuery, Failures, QueryOf},
    state::AppState,
};

/// Present only if there is a next page.
#[derive(Clone, Copy, Debug, Serialize, utoipa::ToSchema)]
pub struct AuditMeta {
    /// Send it as `after`.
    pub next: i64,
}

/// The audit log, newest entry first.
#[utoipa::path(get, path = "/api/v1/audit", tag = "audit", params(AuditQuery, AuditPartQuery),
    responses((status = 200, description = "`list`, and `meta.next` when there are more", body = Envelope<AuditLine, AuditMeta>), Failures))]
pub async fn list_audit(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    QueryOf(query): QueryOf<AuditQuery>,
    QueryOf(part): QueryOf<AuditPartQuery>,
) -> Result<Answer<AuditLine, AuditMeta>, ApiError> {
    let read = state.services.audit().list(&caller, &query, part.into()).await?;
    Ok(Answer::list("OK", read.lines).meta(read.next.map(|next| AuditMeta { next })))
}
