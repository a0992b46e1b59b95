//! The log as a file: over REST here, and for the page in [`crate::web`].

use axum::{
    body::Body,
    extract::State,
    http::header,
    response::{IntoResponse as _, Response},
};
use domain::{access::Caller, audit::AuditQuery};
use futures::stream::{self, StreamExt as _};
use serde::Deserialize;
use stacker::services::{AuditError, AuditExport, ExportFormat};

use super::part::PartQuery;
use crate::{
    auth::Authenticated,
    rest::{ApiError, Failures, QueryOf},
    state::AppState,
};

#[derive(Clone, Copy, Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    #[default]
    Csv,
    Json,
}

#[derive(Clone, Copy, Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ExportQuery {
    /// `csv`, which spreadsheets open without running anything of it, or `json`, one array.
    #[serde(default)]
    #[param(required = false, inline)]
    format: Format,
}

/// The log as a file, newest line first. Where it ends at its limit, go on with the last `id` as `after`.
#[utoipa::path(get, path = "/api/v1/audit/export", tag = "audit", params(ExportQuery, AuditQuery, PartQuery),
    responses((status = 200, description = "The file", content(
        (String = "text/csv"), (Vec<domain::audit::AuditLine> = "application/json"))), Failures))]
pub async fn export_audit(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    QueryOf(export): QueryOf<ExportQuery>,
    QueryOf(query): QueryOf<AuditQuery>,
    QueryOf(part): QueryOf<PartQuery>,
) -> Result<Response, ApiError> {
    exported(&state, &caller, export, &query, part).await
}

/// For every way to authenticate.
pub async fn exported(
    state: &AppState,
    caller: &Caller,
    export: ExportQuery,
    query: &AuditQuery,
    part: PartQuery,
) -> Result<Response, ApiError> {
    let format = match export.format {
        Format::Csv => ExportFormat::Csv,
        Format::Json => ExportFormat::Json,
    };
    let mut file = state.services.audit().export(caller, query, format, part.into())?;
    // What fails at once is answered as what it is; later the file breaks off, which the browser notices.
    let first = file.next().await?.unwrap_or_default();
    let rest = stream::try_unfold(file, |mut file: AuditExport| async move {
        Ok::<_, AuditError>(file.next().await?.map(|text| (text, file)))
    });
    Ok((head(format), Body::from_stream(stream::once(async { Ok(first) }).chain(rest))).into_response())
}

fn head(format: ExportFormat) -> [(header::HeaderName, &'static str); 3] {
    let (kind, name) = match format {
        ExportFormat::Csv => ("text/csv; charset=utf-8", "attachment; filename=\"audit-log.csv\""),
        ExportFormat::Json => ("application/json", "attachment; filename=\"audit-log.json\""),
    };
    [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, "private, no-store"),
    ]
}
