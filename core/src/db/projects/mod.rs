//! Table `project`: one row per stack. Reading is here, writing in [`write`].

mod deploying;
mod draft;
pub(crate) mod project_invitations;
pub(crate) mod project_members;
pub(crate) mod project_values;
mod usage;
mod versions;
mod write;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use domain::{
    access::ProjectRole,
    api::{Project, ProjectDraft, ProjectSummary},
    stack::{Canvas, Values},
};
use serde_json::{Value, value::RawValue};
use sqlx::{PgConnection, PgExecutor, types::Json};
use uuid::Uuid;

use crate::db::Pool;

pub use deploying::{ToDeploy, find_to_deploy, keep};
pub use draft::{DraftContent, find_draft_base, save_draft};
pub use usage::{stored_bytes_of_owner, usage};
pub use versions::{version, wake_followers};
pub use write::{DeleteOutcome, NewProject, count_of_owner, delete, insert, lock_owner, update};

/// The content of a project: everything that a change can write.
#[derive(Clone, Debug)]
pub struct Content {
    pub name: String,
    pub compose: String,
    pub canvas: Canvas,
    /// The values of variables. A write of the other columns does not store them, see [`project_values`].
    pub values: Values,
    pub form_extras: Option<Value>,
    /// Names of the services in `compose`.
    pub services: Vec<String>,
    /// The form of `compose` and `form_extras`.
    pub metadata: Value,
    pub request_json: Value,
}

/// A project with everything that is stored about it.
#[derive(Clone, Debug)]
pub struct Stored {
    pub id: i32,
    pub stack_id: Uuid,
    /// The id of the owner.
    pub user_id: String,
    /// The caller's role in the project.
    pub role: ProjectRole,
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
            values: self.content.values,
            updated_at: self.updated_at,
            role: self.role,
        }
    }
}

/// All columns, which a write needs.
struct Row {
    id: i32,
    stack_id: Uuid,
    user_id: String,
    name: String,
    compose: String,
    canvas: Json<Canvas>,
    value_numbers: project_values::Numbers,
    form_extras: Option<Value>,
    services: Vec<String>,
    metadata: Value,
    request_json: Value,
    version: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    source_template_id: Option<Uuid>,
    template_version: Option<String>,
    role: String,
}

impl TryFrom<Row> for Stored {
    type Error = anyhow::Error;

    fn try_from(row: Row) -> anyhow::Result<Self> {
        Ok(Self {
            id: row.id,
            stack_id: row.stack_id,
            user_id: row.user_id,
            role: role(&row.role)?,
            content: Content {
                name: row.name,
                compose: row.compose,
                canvas: row.canvas.0,
                values: Values::stored(row.value_numbers.0),
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
        })
    }
}

pub(in crate::db) fn role(word: &str) -> anyhow::Result<ProjectRole> {
    ProjectRole::named(word).with_context(|| format!("`{word}` is no role in a project"))
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

/// The projects that a user owns, or all that a user has access to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    Owned,
    Shared,
}

/// The projects of one user with ids above `after`, in the order of ids.
pub async fn list(
    pool: &Pool,
    user_id: &str,
    which: Which,
    after: i32,
    limit: i64,
) -> anyhow::Result<Vec<Project>> {
    let rows = sqlx::query_as!(
        ProjectRow,
        r#"
        select p.id, p.stack_id, p.user_id, p.name, p.metadata as "metadata: Json<Box<RawValue>>",
            p.request_json as "request_json: Json<Box<RawValue>>", p.version, p.created_at, p.updated_at,
            p.source_template_id, p.template_version
        from (
            select project_id from project_access
            where user_id = $1 and project_id > $2 and ($4 or role = 'owner')
            order by project_id
            limit $3
        ) as listed
        join project p on p.id = listed.project_id
        order by p.id
        "#,
        user_id,
        after,
        limit,
        which == Which::Shared,
    )
    .fetch_all(pool)
    .await
    .context("listing projects")?;
    Ok(rows.into_iter().map(Project::from).collect())
}

/// Last changed first. `search` matches names and service names, in upper or lower case; an empty text matches all.
pub async fn summaries(
    pool: &Pool,
    user_id: &str,
    search: &str,
    limit: i64,
) -> anyhow::Result<Vec<ProjectSummary>> {
    let rows = sqlx::query!(
        r#"
        select p.id, p.name, p.services, p.updated_at, p.version, a.role::text as "role!",
            case when a.role <> 'owner' then coalesce(p.owner_name, p.user_id) end as owner_name,
            p.value_numbers <> '{}' as "has_values!"
        from project_access a
        join project p on p.id = a.project_id
        where a.user_id = $1
            and (
                position(lower($2::text) in lower(p.name)) > 0
                or position(lower($2::text) in lower(array_to_string(p.services, ' '))) > 0
            )
        order by p.updated_at desc, p.id desc
        limit $3
        "#,
        user_id,
        search,
        limit,
    )
    .fetch_all(pool)
    .await
    .context("listing projects in brief")?;
    rows.into_iter()
        .map(|row| {
            Ok(ProjectSummary {
                id: row.id,
                name: row.name,
                services: row.services,
                updated_at: row.updated_at,
                version: row.version,
                role: role(&row.role)?,
                owner_name: row.owner_name,
                has_values: row.has_values,
            })
        })
        .collect()
}

pub async fn find(pool: &Pool, id: i32, user_id: &str) -> anyhow::Result<Option<Project>> {
    let row = sqlx::query_as!(
        ProjectRow,
        r#"
        select p.id, p.stack_id, p.user_id, p.name, p.metadata as "metadata: Json<Box<RawValue>>",
            p.request_json as "request_json: Json<Box<RawValue>>", p.version, p.created_at, p.updated_at,
            p.source_template_id, p.template_version
        from project p
        join project_access a on a.project_id = p.id and a.user_id = $2
        where p.id = $1
        "#,
        id,
        user_id,
    )
    .fetch_optional(pool)
    .await
    .context("reading a project")?;
    Ok(row.map(Project::from))
}

pub async fn find_draft(
    executor: impl PgExecutor<'_>,
    id: i32,
    user_id: &str,
) -> anyhow::Result<Option<ProjectDraft>> {
    let row = sqlx::query!(
        r#"
        select p.id, p.name, p.version, p.compose, p.canvas as "canvas: Json<Canvas>",
            p.value_numbers as "value_numbers: project_values::Numbers", p.updated_at, a.role::text as "role!"
        from project p
        join project_access a on a.project_id = p.id and a.user_id = $2
        where p.id = $1
        "#,
        id,
        user_id,
    )
    .fetch_optional(executor)
    .await
    .context("reading a project for the builder")?;
    row.map(|row| {
        Ok(ProjectDraft {
            id: row.id,
            name: row.name,
            version: row.version,
            compose: row.compose,
            canvas: row.canvas.0,
            values: Values::stored(row.value_numbers.0),
            updated_at: row.updated_at,
            role: role(&row.role)?,
        })
    })
    .transpose()
}

pub async fn find_compose(pool: &Pool, id: i32, user_id: &str) -> anyhow::Result<Option<String>> {
    sqlx::query_scalar!(
        r#"
        select p.compose
        from project p
        join project_access a on a.project_id = p.id and a.user_id = $2
        where p.id = $1
        "#,
        id,
        user_id
    )
    .fetch_optional(pool)
    .await
    .context("reading a compose text")
}

/// A project of any owner, for administrators.
pub async fn find_compose_of_any(pool: &Pool, id: i32) -> anyhow::Result<Option<String>> {
    sqlx::query_scalar!("select compose from project where id = $1", id)
        .fetch_optional(pool)
        .await
        .context("reading a compose text of anybody")
}

/// Until the transaction ends, no other transaction changes the row.
pub async fn find_locked(
    connection: &mut PgConnection,
    id: i32,
    user_id: &str,
) -> anyhow::Result<Option<Stored>> {
    let row = sqlx::query_as!(
        Row,
        r#"
        select p.id, p.stack_id, p.user_id, p.name, p.compose, p.canvas as "canvas: Json<Canvas>",
            p.value_numbers as "value_numbers: project_values::Numbers", p.form_extras, p.services, p.metadata, p.request_json, p.version,
            p.created_at, p.updated_at, p.source_template_id, p.template_version, a.role::text as "role!"
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
    .context("reading a project to change it")?;
    row.map(Stored::try_from).transpose()
}
