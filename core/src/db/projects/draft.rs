//! What saving a draft reads and writes; the texts being replaced are not read.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use domain::{
    access::ProjectRole,
    stack::{Canvas, Values},
};
use serde_json::Value;
use sqlx::{PgConnection, types::Json};

use super::{project_values, role};

/// What saving a draft needs to know about the project.
pub struct DraftBase {
    pub owner: String,
    /// The caller's role in the project.
    pub role: ProjectRole,
    pub name: String,
    pub form_extras: Option<Value>,
    /// The values of variables that are stored.
    pub values: Values,
    pub version: i32,
}

/// What saving a draft writes.
pub struct DraftContent {
    pub compose: String,
    pub canvas: Canvas,
    /// Stored by [`project_values`].
    pub values: Values,
    /// Names of the services in `compose`.
    pub services: Vec<String>,
    /// The form of `compose`.
    pub metadata: Value,
}

/// Until the transaction ends, no other transaction changes the row.
pub async fn find_draft_base(
    connection: &mut PgConnection,
    id: i32,
    user_id: &str,
) -> anyhow::Result<Option<DraftBase>> {
    let row = sqlx::query!(
        r#"
        select p.user_id, p.name, p.form_extras, p.value_numbers as "value_numbers: project_values::Numbers",
            p.version, a.role::text as "role!"
        from project p
        join project_access a on a.project_id = p.id and a.user_id = $2
        where p.id = $1
        for update of p
        "#,
        id,
        user_id,
    )
    .fetch_optional(connection)
    .await
    .context("reading a project to save a draft of it")?;
    row.map(|row| {
        Ok(DraftBase {
            owner: row.user_id,
            role: role(&row.role)?,
            name: row.name,
            form_extras: row.form_extras,
            values: Values::stored(row.value_numbers.0),
            version: row.version,
        })
    })
    .transpose()
}

/// Returns the new version. The row must be locked by [`find_draft_base`].
pub async fn save_draft(
    connection: &mut PgConnection,
    id: i32,
    content: &DraftContent,
    now: DateTime<Utc>,
) -> anyhow::Result<i32> {
    sqlx::query_scalar!(
        r#"
        update project
        set compose = $2, canvas = $3, services = $4, metadata = $5::text::json, updated_at = $6, version = version + 1
        where id = $1
        returning version
        "#,
        id,
        content.compose,
        Json(&content.canvas) as _,
        &content.services,
        content.metadata.to_string(),
        now,
    )
    .fetch_one(connection)
    .await
    .context("saving a draft")
}
