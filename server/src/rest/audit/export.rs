use axum::{extract::State, response::Response};
use domain::audit::AuditQuery;

use crate::{
    auth::Authenticated,
    http::{ApiError, AuditFileQuery, AuditPartQuery, Failures, QueryOf, audit_file},
    state::AppState,
};

/// The log as a file, newest entry first. If it ends at its limit, continue with the last `id` as `after`.
#[utoipa::path(get, path = "/api/v1/audit/export", tag = "audit", params(AuditFileQuery, AuditQuery, AuditPartQuery),
    responses((status = 200, description = "The file", content(
        (String = "text/csv"), (Vec<domain::audit::AuditLine> = "application/json"))), Failures))]
pub async fn export_audit(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    QueryOf(export): QueryOf<AuditFileQuery>,
    QueryOf(query): QueryOf<AuditQuery>,
    QueryOf(part): QueryOf<AuditPartQuery>,
) -> Result<Response, ApiError> {
    audit_file(&state, &caller, export, &query, part).await
}
