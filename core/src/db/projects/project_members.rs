//! Table `project_member`: who is a member of a project, and who owns it.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use domain::{
    access::{Caller, ProjectRole},
    api::{Member, Person},
};
use sqlx::{PgConnection, PgExecutor};

use crate::db::{Pool, projects::role};

/// A project as seen by its owner or a member.
#[derive(Clone, Debug)]
pub struct Place {
    pub name: String,
    pub owner: Person,
    pub role: ProjectRole,
}

pub async fn place(
    executor: impl PgExecutor<'_>,
    project_id: i32,
    user_id: &str,
) -> anyhow::Result<Option<Place>> {
    let row = sqlx::query!(
        r#"
        select p.name, p.user_id, p.owner_name, a.role::text as "role!"
        from project p
        join project_access a on a.project_id = p.id and a.user_id = $2
        where p.id = $1
        "#,
        project_id,
        user_id,
    )
    .fetch_optional(executor)
    .await
    .context("reading whose a project is")?;
    row.map(|row| {
        let owner = Person { user_id: row.user_id, name: row.owner_name };
        Ok(Place { name: row.name, owner, role: role(&row.role)? })
    })
    .transpose()
}

/// Like [`place`]; until the transaction ends, no other transaction changes the members of the project.
pub async fn lock(
    connection: &mut PgConnection,
    project_id: i32,
    user_id: &str,
) -> anyhow::Result<Option<Place>> {
    sqlx::query!(
        r#"
        select p.id
        from project p
        join project_access a on a.project_id = p.id and a.user_id = $2
        where p.id = $1
        for update of p
        "#,
        project_id,
        user_id,
    )
    .fetch_optional(&mut *connection)
    .await
    .context("locking who is in a project")?;
    // Read again under the lock: the members may have changed while this waited for it.
    place(connection, project_id, user_id).await
}

/// In the order in which they joined.
pub async fn list(pool: &Pool, project_id: i32) -> anyhow::Result<Vec<Member>> {
    let rows = sqlx::query!(
        r#"
        select user_id, name, email, role::text as "role!", created_at
        from project_member
        where project_id = $1
        order by created_at, user_id
        limit 1000
        "#,
        project_id,
    )
    .fetch_all(pool)
    .await
    .context("listing the members of a project")?;
    rows.into_iter()
        .map(|row| {
            Ok(Member {
                user_id: row.user_id,
                name: row.name,
                email: row.email,
                role: role(&row.role)?,
                since: row.created_at,
            })
        })
        .collect()
}

pub async fn count(connection: &mut PgConnection, project_id: i32) -> anyhow::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from project_member where project_id = $1"#,
        project_id
    )
    .fetch_one(connection)
    .await
    .context("counting the members of a project")
}

pub struct NewMember<'a> {
    pub project_id: i32,
    pub user_id: &'a str,
    pub name: &'a str,
    pub email: Option<&'a str>,
    pub role: ProjectRole,
    pub now: DateTime<Utc>,
}

/// An existing member gets the new role.
pub async fn insert(connection: &mut PgConnection, new: NewMember<'_>) -> anyhow::Result<()> {
    sqlx::query!(
        r#"
        insert into project_member (project_id, user_id, role, name, email, created_at)
        values ($1, $2, $3::text::project_role, $4, $5, $6)
        on conflict (project_id, user_id) do update
        set role = excluded.role, name = excluded.name, email = excluded.email
        "#,
        new.project_id,
        new.user_id,
        new.role.as_str(),
        new.name,
        new.email,
        new.now,
    )
    .execute(connection)
    .await
    .context("letting somebody into a project")?;
    Ok(())
}

/// `None` if the user is not a member.
pub async fn set_role(
    connection: &mut PgConnection,
    project_id: i32,
    user_id: &str,
    to: ProjectRole,
) -> anyhow::Result<Option<Member>> {
    let row = sqlx::query!(
        r#"
        update project_member set role = $3::text::project_role
        where project_id = $1 and user_id = $2
        returning user_id, name, email, created_at
        "#,
        project_id,
        user_id,
        to.as_str(),
    )
    .fetch_optional(connection)
    .await
    .context("giving a member another role")?;
    Ok(row.map(|row| Member {
        user_id: row.user_id,
        name: row.name,
        email: row.email,
        role: to,
        since: row.created_at,
    }))
}

/// Returns the name of the removed member; `None` if the user was not a member.
pub async fn delete(
    connection: &mut PgConnection,
    project_id: i32,
    user_id: &str,
) -> anyhow::Result<Option<String>> {
    sqlx::query_scalar!(
        "delete from project_member where project_id = $1 and user_id = $2 returning name",
        project_id,
        user_id
    )
    .fetch_optional(connection)
    .await
    .context("taking somebody out of a project")
}

/// The owner's name, as members see it.
pub async fn set_owner_name(
    connection: &mut PgConnection,
    project_id: i32,
    owner: &Caller,
) -> anyhow::Result<()> {
    sqlx::query!("update project set owner_name = $2 where id = $1", project_id, owner.name)
        .execute(connection)
        .await
        .context("noting the name of an owner")?;
    Ok(())
}

/// Transfers the project and its deployments to another user. Enrolment codes for these deployments are deleted, because the
/// previous owner knows them.
pub async fn set_owner(
    connection: &mut PgConnection,
    project_id: i32,
    user_id: &str,
    name: &str,
) -> anyhow::Result<()> {
    sqlx::query!("update project set user_id = $2, owner_name = $3 where id = $1", project_id, user_id, name)
        .execute(&mut *connection)
        .await
        .context("giving a project away")?;
    sqlx::query!(
        r#"
        delete from enrolment_code c using deployment d
        where d.project_id = $1 and c.deployment_hash = d.deployment_hash
        "#,
        project_id
    )
    .execute(&mut *connection)
    .await
    .context("taking back the codes of a project that is given away")?;
    // They are for hosts of the former owner, and somebody only looks at their plans.
    sqlx::query!("delete from deployment where project_id = $1 and prepared_until is not null", project_id)
        .execute(&mut *connection)
        .await
        .context("deleting what was only prepared in a project that is given away")?;
    sqlx::query!("update deployment set user_id = $2 where project_id = $1", project_id, user_id)
        .execute(connection)
        .await
        .context("giving the deployments of a project away")?;
    Ok(())
}

/// Whether a deployment of the project runs, or may run, on a host of its owner.
pub async fn is_on_hosts(connection: &mut PgConnection, project_id: i32) -> anyhow::Result<bool> {
    sqlx::query_scalar!(
        r#"
        select exists (
            select from deployment
            where project_id = $1 and host_id is not null and not deleted and prepared_until is null and status not in ('removed', 'cancelled')
                and not (status in ('failed', 'error') and running_revision is null)
        ) as "on_hosts!"
        "#,
        project_id
    )
    .fetch_one(connection)
    .await
    .context("asking whether a project is on hosts")
}
