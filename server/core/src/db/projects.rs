//! Table `project`: one row per stack somebody works on. Reading is here, writing in [`write`].

mod write;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use domain::{
    api::{Project, ProjectDraft, ProjectSummary},
    stack::Canvas,
};
use serde_json::{Value, value::RawValue};
use sqlx::{PgConnection, PgPool, types::Json};
use uuid::Uuid;

pub use write::{DeleteOutcome, NewProject, count_of_owner, delete, insert, lock_owner, update};

/// What a project holds: all that a change may write.
#[derive(Clone, Debug)]
pub struct Content {
    pub name: String,
    pub compose: String,
    pub canvas: Canvas,
    pub form_extras: Option<Value>,
    /// Names of the services in `compose`.
    pub services: Vec<String>,
    /// The form of `compose` and `form_extras`.
    pub metadata: Value,
    pub request_json: Value,
}

/// A project with everything that is stored of it.
#[derive(Clone, Debug)]
pub struct Stored {
    pub id: i32,
    pub stack_id: Uuid,
    pub user_id: String,
    pub content: Content,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub source_template_id: Option<Uuid>,
    pub template_version: Option<String>,
}

impl Stored {
    pub fn into_project(self) -> Project {
        Project {
            id: self.id,
            stack_id: self.stack_id,
            user_id: self.user_id,
            name: self.content.name,
            metadata: (&self.content.metadata).into(),
            request_json: (&self.content.request_json).into(),
            created_at: self.created_at,
            updated_at: self.updated_at,
            source_template_id: self.source_template_id,
            template_version: self.template_version,
            version: self.version,
        }
    }

    pub fn into_draft(self) -> ProjectDraft {
        ProjectDraft {
            id: self.id,
            name: self.content.name,
            version: self.version,
            compose: self.content.compose,
            canvas: self.content.canvas,
            updated_at: self.updated_at,
        }
    }
}

/// All columns, as writing needs them.
struct Row {
    id: i32,
    stack_id: Uuid,
    user_id: String,
    name: String,
    compose: String,
    canvas: Json<Canvas>,
    form_extras: Option<Value>,
    services: Vec<String>,
    metadata: Value,
    request_json: Value,
    version: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    source_template_id: Option<Uuid>,
    template_version: Option<String>,
}

impl From<Row> for Stored {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            stack_id: row.stack_id,
            user_id: row.user_id,
            content: Content {
                name: row.name,
                compose: row.compose,
                canvas: row.canvas.0,
                form_extras: row.form_extras,
                services: row.services,
                metadata: row.metadata,
                request_json: row.request_json,
            },
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
            source_template_id: row.source_template_id,
            template_version: row.template_version,
        }
    }
}

/// The columns of the project object, without those that only the builder reads.
struct ProjectRow {
    id: i32,
    stack_id: Uuid,
    user_id: String,
    name: String,
    metadata: Json<Box<RawValue>>,
    request_json: Json<Box<RawValue>>,
    version: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    source_template_id: Option<Uuid>,
    template_version: Option<String>,
}

impl From<ProjectRow> for Project {
    fn from(row: ProjectRow) -> Self {
        Self {
            id: row.id,
            stack_id: row.stack_id,
            user_id: row.user_id,
            name: row.name,
            metadata: row.metadata.0.into(),
            request_json: row.request_json.0.into(),
            created_at: row.created_at,
            updated_at: row.updated_at,
            source_template_id: row.source_template_id,
            template_version: row.template_version,
            version: row.version,
        }
    }
}

/// The projects of one owner with ids above `after`, in the order of ids.
pub async fn list(pool: &PgPool, user_id: &str, after: i32, limit: i64) -> anyhow::Result<Vec<Project>> {
    let rows = sqlx::query_as!(
        ProjectRow,
        r#"
        select id, stack_id, user_id, name, metadata as "metadata: Json<Box<RawValue>>",
            request_json as "request_json: Json<Box<RawValue>>", version, created_at, updated_at, source_template_id,
            template_version
        from project
        where user_id = $1 and id > $2
        order by id
        limit $3
        "#,
        user_id,
        after,
        limit,
    )
    .fetch_all(pool)
    .await
    .context("listing projects")?;
    Ok(rows.into_iter().map(Project::from).collect())
}

/// Last changed first. `search` is looked for in names and service names, whatever the case; empty finds all.
pub async fn summaries(
    pool: &PgPool,
    user_id: &str,
    search: &str,
    limit: i64,
) -> anyhow::Result<Vec<ProjectSummary>> {
    sqlx::query_as!(
        ProjectSummary,
        r#"
        select id, name, services, updated_at, version
        from project
        where user_id = $1
            and (
                position(lower($2::text) in lower(name)) > 0
                or position(lower($2::text) in lower(array_to_string(services, ' '))) > 0
            )
        order by updated_at desc, id desc
        limit $3
        "#,
        user_id,
        search,
        limit,
    )
    .fetch_all(pool)
    .await
    .context("listing projects in brief")
}

pub async fn find(pool: &PgPool, id: i32, user_id: &str) -> anyhow::Result<Option<Project>> {
    let row = sqlx::query_as!(
        ProjectRow,
        r#"
        select id, stack_id, user_id, name, metadata as "metadata: Json<Box<RawValue>>",
            request_json as "request_json: Json<Box<RawValue>>", version, created_at, updated_at, source_template_id,
            template_version
        from project
        where id = $1 and user_id = $2
        "#,
        id,
        user_id,
    )
    .fetch_optional(pool)
    .await
    .context("reading a project")?;
    Ok(row.map(Project::from))
}

struct DraftRow {
    id: i32,
    name: String,
    version: i32,
    compose: String,
    canvas: Json<Canvas>,
    updated_at: DateTime<Utc>,
}

pub async fn find_draft(pool: &PgPool, id: i32, user_id: &str) -> anyhow::Result<Option<ProjectDraft>> {
    let row = sqlx::query_as!(
        DraftRow,
        r#"
        select id, name, version, compose, canvas as "canvas: Json<Canvas>", updated_at
        from project
        where id = $1 and user_id = $2
        "#,
        id,
        user_id,
    )
    .fetch_optional(pool)
    .await
    .context("reading a project for the builder")?;
    Ok(row.map(|row| ProjectDraft {
        id: row.id,
        name: row.name,
        version: row.version,
        compose: row.compose,
        canvas: row.canvas.0,
        updated_at: row.updated_at,
    }))
}

pub async fn find_compose(pool: &PgPool, id: i32, user_id: &str) -> anyhow::Result<Option<String>> {
    sqlx::query_scalar!("select compose from project where id = $1 and user_id = $2", id, user_id)
        .fetch_optional(pool)
        .await
        .context("reading a compose text")
}

/// Whoever owns it: for administrators.
pub async fn find_compose_of_any(pool: &PgPool, id: i32) -> anyhow::Result<Option<String>> {
    sqlx::query_scalar!("select compose from project where id = $1", id)
        .fetch_optional(pool)
        .await
        .context("reading a compose text of anybody")
}

/// Name, metadata and compose text: what is deployed.
pub async fn find_to_deploy(
    pool: &PgPool,
    id: i32,
    user_id: &str,
) -> anyhow::Result<Option<(String, Value, String)>> {
    let row = sqlx::query!(
        "select name, metadata, compose from project where id = $1 and user_id = $2",
        id,
        user_id
    )
    .fetch_optional(pool)
    .await
    .context("reading a project to deploy it")?;
    Ok(row.map(|row| (row.name, row.metadata, row.compose)))
}

/// False when there is none of that owner. It is not deleted until the transaction ends.
pub async fn keep(connection: &mut PgConnection, id: i32, user_id: &str) -> anyhow::Result<bool> {
    let kept = sqlx::query_scalar!(
        "select id from project where id = $1 and user_id = $2 for key share",
        id,
        user_id
    )
    .fetch_optional(connection)
    .await
    .context("looking for a project")?;
    Ok(kept.is_some())
}

/// Nobody else changes the row until the transaction ends.
pub async fn find_locked(
    connection: &mut PgConnection,
    id: i32,
    user_id: &str,
) -> anyhow::Result<Option<Stored>> {
    let row = sqlx::query_as!(
        Row,
        r#"
        select id, stack_id, user_id, name, compose, canvas as "canvas: Json<Canvas>", form_extras, services, metadata,
            request_json, version, created_at, updated_at, source_template_id, template_version
        from project
        where id = $1 and user_id = $2
        for update
        "#,
        id,
        user_id,
    )
    .fetch_optional(connection)
    .await
    .context("reading a project to change it")?;
    Ok(row.map(Stored::from))
}
