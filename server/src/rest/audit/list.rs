use axum::extract::State;
use domain::{
    api::Envelope,
    audit::{AuditLine, AuditQuery},
};

use super::part::{AuditMeta, PartQuery};
use crate::{
    auth::Authenticated,
    rest::{Answer, ApiError, Failures, QueryOf},
    state::AppState,
};

/// What happened, newest first.
#[utoipa::path(get, path = "/api/v1/audit", tag = "audit", params(AuditQuery, PartQuery),
    responses((status = 200, description = "`list`, and `meta.next` when there are more", body = Envelope<AuditLine, AuditMeta>), Failures))]
pub async fn list_audit(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    QueryOf(query): QueryOf<AuditQuery>,
    QueryOf(part): QueryOf<PartQuery>,
) -> Result<Answer<AuditLine, AuditMeta>, ApiError> {
    let read = state.services.audit().list(&caller, &query, part.into()).await?;
    Ok(Answer::list("OK", read.lines).meta(read.next.map(|next| AuditMeta { next })))
}
