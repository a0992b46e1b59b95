//! Table `cloud_share`: the projects whose operators may deploy with a cloud.

use anyhow::Context as _;
use domain::cloud::OfferedCloud;
use sqlx::PgConnection;

use crate::db::Pool;

/// Shares a cloud with exactly these projects. Returns false, and changes nothing, unless all of them belong to the owner.
pub async fn replace(
    connection: &mut PgConnection,
    cloud_id: i32,
    owner: &str,
    projects: &[i32],
) -> anyhow::Result<bool> {
    let owned = sqlx::query_scalar!(
        r#"select count(*) as "count!" from project where user_id = $1 and id = any($2)"#,
        owner,
        projects,
    )
    .fetch_one(&mut *connection)
    .await
    .context("looking for the projects to share a cloud with")?;
    if owned != projects.len() as i64 {
        return Ok(false);
    }
    sqlx::query!("delete from cloud_share where cloud_id = $1 and project_id <> all($2)", cloud_id, projects)
        .execute(&mut *connection)
        .await
        .context("sharing a cloud with fewer projects")?;
    sqlx::query!(
        r#"
        insert into cloud_share (cloud_id, project_id)
        select $1, project_id from unnest($2::integer[]) as given (project_id)
        on conflict do nothing
        "#,
        cloud_id,
        projects,
    )
    .execute(connection)
    .await
    .context("sharing a cloud with projects")?;
    Ok(true)
}

/// The clouds that this user may deploy a project with, by name: all of the owner's for the owner, otherwise the shared ones. The
/// role of the user in the project is checked before.
pub async fn offered(
    pool: &Pool,
    project_id: i32,
    owner: &str,
    user_id: &str,
) -> anyhow::Result<Vec<OfferedCloud>> {
    sqlx::query_as!(
        OfferedCloud,
        r#"
        select c.id, c.name, c.provider, c.secrets_sealed is not null as "has_secrets!"
        from cloud c
        where c.user_id = $2
            and ($2 = $3 or exists (select from cloud_share s where s.cloud_id = c.id and s.project_id = $1))
        order by lower(c.name), c.id
        limit 1000
        "#,
        project_id,
        owner,
        user_id,
    )
    .fetch_all(pool)
    .await
    .context("listing the clouds of a project")
}
