//! Table `server`: machines that the install service creates or uses.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use domain::cloud::ServerBody;
use sqlx::{PgConnection, PgExecutor};

use crate::db::Pool;

#[derive(Clone, Debug)]
pub struct StoredServer {
    pub id: i32,
    pub user_id: String,
    pub project_id: i32,
    pub fields: ServerBody,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// The newest live deployment on it.
    pub deployment_id: Option<i32>,
    pub deployment_hash: Option<String>,
}

struct Row {
    id: i32,
    user_id: String,
    project_id: i32,
    name: Option<String>,
    region: Option<String>,
    zone: Option<String>,
    server: Option<String>,
    os: Option<String>,
    disk_type: Option<String>,
    srv_ip: Option<String>,
    ssh_port: Option<i32>,
    ssh_user: Option<String>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    deployment_id: Option<i32>,
    deployment_hash: Option<String>,
}

impl From<Row> for StoredServer {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            user_id: row.user_id,
            project_id: row.project_id,
            fields: ServerBody {
                name: row.name,
                region: row.region,
                zone: row.zone,
                server: row.server,
                os: row.os,
                disk_type: row.disk_type,
                srv_ip: row.srv_ip,
                ssh_port: row.ssh_port,
                ssh_user: row.ssh_user,
            },
            created_at: row.created_at,
            updated_at: row.updated_at,
            deployment_id: row.deployment_id,
            deployment_hash: row.deployment_hash,
        }
    }
}

/// The servers of one owner, in the order of creation, with ids above `after`.
pub async fn list(
    pool: &Pool,
    user_id: &str,
    after: Option<i32>,
    limit: i64,
) -> anyhow::Result<Vec<StoredServer>> {
    select(pool, user_id, None, after, limit).await.context("listing servers")
}

/// A server of this owner.
pub async fn find(
    executor: impl PgExecutor<'_>,
    id: i32,
    user_id: &str,
) -> anyhow::Result<Option<StoredServer>> {
    Ok(select(executor, user_id, Some(id), None, 1).await.context("looking up a server")?.pop())
}

/// A server of this owner. Its row is locked until the transaction ends.
pub async fn find_locked(
    connection: &mut PgConnection,
    id: i32,
    user_id: &str,
) -> anyhow::Result<Option<StoredServer>> {
    sqlx::query!("select id from server where id = $1 and user_id = $2 for update", id, user_id)
        .fetch_optional(&mut *connection)
        .await
        .context("locking a server")?;
    find(connection, id, user_id).await
}

async fn select(
    executor: impl PgExecutor<'_>,
    user_id: &str,
    id: Option<i32>,
    after: Option<i32>,
    limit: i64,
) -> sqlx::Result<Vec<StoredServer>> {
    let rows = sqlx::query_as!(
        Row,
        r#"
        select s.id, s.user_id, s.project_id, s.name, s.region, s.zone, s.server, s.os, s.disk_type, s.srv_ip, s.ssh_port,
            s.ssh_user, s.created_at, s.updated_at, d.id as "deployment_id?", d.deployment_hash as "deployment_hash?"
        from server s
        left join lateral (
            select id, deployment_hash from deployment
            where server_id = s.id and not deleted and status not in ('removed', 'cancelled')
            order by id desc
            limit 1
        ) d on true
        where s.user_id = $1 and ($2::integer is null or s.id = $2) and ($3::integer is null or s.id > $3)
        order by s.id
        limit $4
        "#,
        user_id,
        id,
        after,
        limit,
    )
    .fetch_all(executor)
    .await?;
    Ok(rows.into_iter().map(StoredServer::from).collect())
}

/// The first server of a project, locked, as existing clients expect: a deployment with stored credentials uses it again.
pub async fn first_of_project(
    connection: &mut PgConnection,
    project_id: i32,
    user_id: &str,
) -> anyhow::Result<Option<i32>> {
    sqlx::query_scalar!(
        "select id from server where project_id = $1 and user_id = $2 order by id limit 1 for update",
        project_id,
        user_id,
    )
    .fetch_optional(connection)
    .await
    .context("looking for a server of a project")
}

pub async fn insert(
    connection: &mut PgConnection,
    user_id: &str,
    project_id: i32,
    fields: &ServerBody,
    now: DateTime<Utc>,
) -> anyhow::Result<i32> {
    sqlx::query_scalar!(
        r#"
        insert into server (user_id, project_id, name, region, zone, server, os, disk_type, srv_ip, ssh_port, ssh_user,
            created_at, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)
        returning id
        "#,
        user_id,
        project_id,
        fields.name,
        fields.region,
        fields.zone,
        fields.server,
        fields.os,
        fields.disk_type,
        fields.srv_ip,
        fields.ssh_port,
        fields.ssh_user,
        now,
    )
    .fetch_one(connection)
    .await
    .context("storing a server")
}

/// Replaces all fields. The server must be locked.
pub async fn update(
    connection: &mut PgConnection,
    id: i32,
    fields: &ServerBody,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    sqlx::query!(
        r#"
        update server
        set name = $2, region = $3, zone = $4, server = $5, os = $6, disk_type = $7, srv_ip = $8, ssh_port = $9,
            ssh_user = $10, updated_at = $11
        where id = $1
        "#,
        id,
        fields.name,
        fields.region,
        fields.zone,
        fields.server,
        fields.os,
        fields.disk_type,
        fields.srv_ip,
        fields.ssh_port,
        fields.ssh_user,
        now,
    )
    .execute(connection)
    .await
    .context("changing a server")?;
    Ok(())
}

pub async fn delete(connection: &mut PgConnection, id: i32) -> anyhow::Result<()> {
    sqlx::query!("delete from server where id = $1", id)
        .execute(connection)
        .await
        .context("deleting a server")?;
    Ok(())
}
