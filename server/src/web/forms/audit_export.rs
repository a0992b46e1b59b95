//! `GET /audit/export`: the lines that the audit page shows, as a file.

use axum::{extract::State, response::Response};
use domain::audit::AuditQuery;

use super::SignedIn;
use crate::{
    http::{ApiError, AuditFileQuery, AuditPartQuery, QueryOf, audit_file},
    state::AppState,
};

pub async fn export(
    State(state): State<AppState>,
    SignedIn(caller): SignedIn,
    QueryOf(export): QueryOf<AuditFileQuery>,
    QueryOf(query): QueryOf<AuditQuery>,
    QueryOf(part): QueryOf<AuditPartQuery>,
) -> Result<Response, ApiError> {
    audit_file(&state, &caller, export, &query, part).await
}
