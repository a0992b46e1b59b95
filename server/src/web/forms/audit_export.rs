//! `GET /audit/export`: what the page shows, as a file.

use axum::{extract::State, response::Response};
use domain::audit::AuditQuery;

use super::SignedIn;
use crate::{
    rest::{ApiError, ExportQuery, PartQuery, QueryOf, exported},
    state::AppState,
};

pub async fn export(
    State(state): State<AppState>,
    SignedIn(caller): SignedIn,
    QueryOf(export): QueryOf<ExportQuery>,
    QueryOf(query): QueryOf<AuditQuery>,
    QueryOf(part): QueryOf<PartQuery>,
) -> Result<Response, ApiError> {
    exported(&state, &caller, export, &query, part).await
}
