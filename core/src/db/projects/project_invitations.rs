//! Table `project_invitation`: codes with which people join a project.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use domain::{access::ProjectRole, api::Invitation};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    crypto::TokenHash,
    db::{Pool, projects::role},
};

/// The invitations that can still be accepted, oldest first, without their codes.
pub async fn list(pool: &Pool, project_id: i32, now: DateTime<Utc>) -> anyhow::Result<Vec<Invitation>> {
    let rows = sqlx::query!(
        r#"
        select id, role::text as "role!", created_at, expires_at
        from project_invitation
        where project_id = $1 and expires_at > $2
        order by id
        limit 1000
        "#,
        project_id,
        now,
    )
    .fetch_all(pool)
    .await
    .context("listing the invitations to a project")?;
    rows.into_iter()
        .map(|row| {
            Ok(Invitation {
                id: row.id,
                role: role(&row.role)?,
                code: None,
                created_at: row.created_at,
                expires_at: row.expires_at,
            })
        })
        .collect()
}

/// The number of invitations that can still be accepted. Deletes expired ones.
pub async fn count(
    connection: &mut PgConnection,
    project_id: i32,
    now: DateTime<Utc>,
) -> anyhow::Result<i64> {
    sqlx::query!(
        "delete from project_invitation where project_id = $1 and expires_at <= $2",
        project_id,
        now
    )
    .execute(&mut *connection)
    .await
    .context("forgetting old invitations")?;
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from project_invitation where project_id = $1"#,
        project_id
    )
    .fetch_one(connection)
    .await
    .context("counting the invitations to a project")
}

pub async fn insert(
    connection: &mut PgConnection,
    project_id: i32,
    hash: &TokenHash,
    new: &Invitation,
) -> anyhow::Result<()> {
    sqlx::query!(
        r#"
        insert into project_invitation (id, project_id, code_hash, role, created_at, expires_at)
        values ($1, $2, $3, $4::text::project_role, $5, $6)
        "#,
        new.id,
        project_id,
        hash.as_slice(),
        new.role.as_str(),
        new.created_at,
        new.expires_at,
    )
    .execute(connection)
    .await
    .context("keeping an invitation")?;
    Ok(())
}

/// Returns false if the project has no such invitation.
pub async fn delete(connection: &mut PgConnection, project_id: i32, id: Uuid) -> anyhow::Result<bool> {
    let deleted =
        sqlx::query!("delete from project_invitation where project_id = $1 and id = $2", project_id, id)
            .execute(connection)
            .await
            .context("taking an invitation back")?;
    Ok(deleted.rows_affected() > 0)
}

pub async fn delete_all(connection: &mut PgConnection, project_id: i32) -> anyhow::Result<()> {
    sqlx::query!("delete from project_invitation where project_id = $1", project_id)
        .execute(connection)
        .await
        .context("taking the invitations to a project back")?;
    Ok(())
}

/// What an accepted invitation gives access to.
pub struct Taken {
    pub project_id: i32,
    pub project_name: String,
    pub owner: String,
    pub role: ProjectRole,
}

/// Uses the code up: of several users with one code, one succeeds. A rollback makes the code valid again. Until the transaction
/// ends, the project does not change.
pub async fn take(
    connection: &mut PgConnection,
    hash: &TokenHash,
    now: DateTime<Utc>,
) -> anyhow::Result<Option<Taken>> {
    // The project is locked before the code, in the same order as owners lock them.
    let project = sqlx::query!(
        r#"
        select p.id, p.name, p.user_id
        from project p
        join project_invitation i on i.project_id = p.id
        where i.code_hash = $1
        for update of p
        "#,
        hash.as_slice(),
    )
    .fetch_optional(&mut *connection)
    .await
    .context("locking the project of an invitation")?;
    let Some(project) = project else { return Ok(None) };
    let taken = sqlx::query_scalar!(
        r#"
        delete from project_invitation where code_hash = $1 and expires_at > $2
        returning role::text as "role!"
        "#,
        hash.as_slice(),
        now,
    )
    .fetch_optional(connection)
    .await
    .context("using an invitation")?;
    taken
        .map(|word| {
            Ok(Taken {
                project_id: project.id,
                project_name: project.name,
                owner: project.user_id,
                role: role(&word)?,
            })
        })
        .transpose()
}
