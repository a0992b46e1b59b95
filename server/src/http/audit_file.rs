//! The audit log as a file, for REST and for the page.

use axum::{
    body::Body,
    http::header,
    response::{IntoResponse as _, Response},
};
use domain::{access::Caller, audit::AuditQuery};
use futures::stream::{self, StreamExt as _};
use serde::Deserialize;
use stacker::services::{AuditError, AuditExport, AuditPart, ExportFormat};

use super::ApiError;
use crate::state::AppState;

#[derive(Clone, Copy, Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    #[default]
    Csv,
    Json,
}

#[derive(Clone, Copy, Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AuditFileQuery {
    /// `csv`, safe to open in spreadsheets, or `json`, one array.
    #[serde(default)]
    #[param(required = false, inline)]
    format: Format,
}

#[derive(Clone, Copy, Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AuditPartQuery {
    /// How many: in a list up to 1000, 100 by default; in a file up to 100000, which is also the default.
    #[param(minimum = 1)]
    limit: Option<u32>,
    /// Entries older than the one with this id: `meta.next` of the previous page.
    after: Option<i64>,
}

impl From<AuditPartQuery> for AuditPart {
    fn from(query: AuditPartQuery) -> Self {
        Self { limit: query.limit, after: query.after }
    }
}

/// The response with the file.
pub async fn audit_file(
    state: &AppState,
    caller: &Caller,
    export: AuditFileQuery,
    query: &AuditQuery,
    part: AuditPartQuery,
) -> Result<Response, ApiError> {
    let format = match export.format {
        Format::Csv => ExportFormat::Csv,
        Format::Json => ExportFormat::Json,
    };
    let mut file = state.services.audit().export(caller, query, format, part.into())?;
    // A failure at the start is a normal error response; a later one cuts the file off, which the browser notices.
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
