//! Writing to table `project`, always inside a transaction of the use case.
//!
//! Columns of type json are written as text: a value would be converted through jsonb, which rejects an escaped NUL and loses the
//! order of keys.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use domain::stack::Canvas;
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

use super::{Content, Row, Stored, project_values};

pub struct NewProject<'a> {
    pub stack_id: Uuid,
    pub user_id: &'a str,
    pub content: &'a Content,
    pub source_template_id: Option<Uuid>,
    pub template_version: Option<&'a str>,
    pub now: DateTime<Utc>,
}

/// Until the transaction ends, no other project is created for this owner, so counts hold.
pub async fn lock_owner(connection: &mut PgConnection, user_id: &str) -> anyhow::Result<()> {
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended('project of ' || $1, 0))", user_id)
        .execute(connection)
        .await
        .context("locking the projects of an owner")?;
    Ok(())
}

pub async fn count_of_owner(connection: &mut PgConnection, user_id: &str) -> anyhow::Result<i64> {
    sqlx::query_scalar!(r#"select count(*) as "count!" from project where user_id = $1"#, user_id)
        .fetch_one(connection)
        .await
        .context("counting projects")
}

pub async fn insert(connection: &mut PgConnection, new: NewProject<'_>) -> anyhow::Result<Stored> {
    let row = sqlx::query_as!(
        Row,
        r#"
        insert into project (stack_id, user_id, name, compose, canvas, form_extras, services, metadata, request_json,
            source_template_id, template_version, created_at, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8::text::json, $9::text::json, $10, $11, $12, $12)
        returning id, stack_id, user_id, name, compose, canvas as "canvas: Json<Canvas>",
            value_numbers as "value_numbers: project_values::Numbers", form_extras, services,
            metadata, request_json, version, created_at, updated_at, source_template_id, template_version,
            'owner' as "role!"
        "#,
        new.stack_id,
        new.user_id,
        new.content.name,
        new.content.compose,
        Json(&new.content.canvas) as _,
        new.content.form_extras,
        &new.content.services,
        new.content.metadata.to_string(),
        new.content.request_json.to_string(),
        new.source_template_id,
        new.template_version,
        new.now,
    )
    .fetch_one(connection)
    .await
    .context("making a project")?;
    row.try_into()
}

/// `None` if the project has changed since it was read under the lock.
pub async fn update(
    connection: &mut PgConnection,
    before: &Stored,
    content: &Content,
    now: DateTime<Utc>,
) -> anyhow::Result<Option<Stored>> {
    let row = sqlx::query_as!(
        Row,
        r#"
        update project
        set name = $4, compose = $5, canvas = $6, form_extras = $7, services = $8, metadata = $9::text::json,
            request_json = $10::text::json,
            updated_at = $11, version = version + 1
        where id = $1 and user_id = $2 and version = $3
        returning id, stack_id, user_id, name, compose, canvas as "canvas: Json<Canvas>",
            value_numbers as "value_numbers: project_values::Numbers", form_extras, services,
            metadata, request_json, version, created_at, updated_at, source_template_id, template_version,
            $12::text as "role!"
        "#,
        before.id,
        before.user_id,
        before.version,
        content.name,
        content.compose,
        Json(&content.canvas) as _,
        content.form_extras,
        &content.services,
        content.metadata.to_string(),
        content.request_json.to_string(),
        now,
        before.role.as_str(),
    )
    .fetch_optional(connection)
    .await
    .context("changing a project")?;
    row.map(Stored::try_from).transpose()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeleteOutcome {
    Deleted,
    HasLiveDeployments,
}

/// The row must be locked by [`super::find_locked`]. Also deletes deployments that have ended; a failed one whose earlier
/// revision is still running has not.
pub async fn delete(connection: &mut PgConnection, id: i32) -> anyhow::Result<DeleteOutcome> {
    sqlx::query!(
        r#"
        delete from deployment d
        where project_id = $1
            and (
                deleted
                or status in ('cancelled', 'removed')
                or (
                    running_revision is null
                    and (
                        status in ('failed', 'error')
                        -- Looked at in plans, and nothing came of it.
                        or (status = 'pending' and host_id is not null)
                    )
                    and not exists (
                        select from commands c
                        where c.deployment_hash = d.deployment_hash and c.status in ('queued', 'sent', 'executing')
                            and c.type <> 'plan_stack'
                    )
                )
            )
        "#,
        id,
    )
    .execute(&mut *connection)
    .await
    .context("deleting ended deployments")?;
    let deleted = sqlx::query!("delete from project where id = $1", id).execute(connection).await;
    match deleted {
        Ok(_) => Ok(DeleteOutcome::Deleted),
        Err(error) if is_constraint(&error, "deployment_project_id_fkey") => {
            Ok(DeleteOutcome::HasLiveDeployments)
        }
        Err(error) => Err(error).context("deleting a project"),
    }
}

fn is_constraint(error: &sqlx::Error, name: &str) -> bool {
    error.as_database_error().and_then(|error| error.constraint()) == Some(name)
}
