//! Tables `cloud`, `cloud_share` and `server`: credentials for cloud providers, and the machines that are created with them.

pub(crate) mod servers;
pub(crate) mod shares;

use std::collections::BTreeMap;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use domain::cloud::SharedProject;
use sqlx::{PgConnection, PgExecutor, types::Json};

use crate::{crypto::SealedColumn, db::Pool};

/// What is shown of each stored secret, by its key (`cloud_token`, …).
pub type Masks = BTreeMap<String, String>;

/// A cloud as it is stored.
#[derive(Clone, Debug)]
pub struct StoredCloud {
    pub id: i32,
    pub user_id: String,
    pub name: String,
    pub provider: String,
    pub save_token: bool,
    pub secrets_sealed: Option<Vec<u8>>,
    pub masks: Masks,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// The projects that it is shared with, by name.
    pub shared_with: Vec<SharedProject>,
    /// How many live deployments were started with it.
    pub deployments: i64,
}

struct Row {
    id: i32,
    user_id: String,
    name: String,
    provider: String,
    save_token: bool,
    secrets_sealed: Option<Vec<u8>>,
    masks: Json<Masks>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    shared_with: Json<Vec<SharedProject>>,
    deployments: i64,
}

impl From<Row> for StoredCloud {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            user_id: row.user_id,
            name: row.name,
            provider: row.provider,
            save_token: row.save_token,
            secrets_sealed: row.secrets_sealed,
            masks: row.masks.0,
            created_at: row.created_at,
            updated_at: row.updated_at,
            shared_with: row.shared_with.0,
            deployments: row.deployments,
        }
    }
}

/// Where the secrets of a cloud are sealed.
pub fn place(id: &str) -> SealedColumn<'_> {
    SealedColumn { table: "cloud", column: "secrets_sealed", row: id }
}

/// Until the transaction ends, no other cloud is added for this owner, so counts hold.
pub async fn lock_owner(connection: &mut PgConnection, user_id: &str) -> anyhow::Result<()> {
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended('cloud of ' || $1, 0))", user_id)
        .execute(connection)
        .await
        .context("locking the clouds of an owner")?;
    Ok(())
}

pub async fn count(connection: &mut PgConnection, user_id: &str) -> anyhow::Result<i64> {
    sqlx::query_scalar!(r#"select count(*) as "count!" from cloud where user_id = $1"#, user_id)
        .fetch_one(connection)
        .await
        .context("counting clouds")
}

/// The id is drawn before the row is inserted, because the secrets are sealed for this id.
pub async fn next_id(connection: &mut PgConnection) -> anyhow::Result<i32> {
    sqlx::query_scalar!(r#"select nextval(pg_get_serial_sequence('cloud', 'id'))::integer as "id!""#)
        .fetch_one(connection)
        .await
        .context("taking an id for a cloud")
}

/// Inserts a cloud, or replaces everything of it that can change.
pub async fn write(connection: &mut PgConnection, cloud: &StoredCloud) -> anyhow::Result<()> {
    sqlx::query!(
        r#"
        insert into cloud (id, user_id, name, provider, save_token, secrets_sealed, masks, created_at, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        on conflict (id) do update
        set name = excluded.name, provider = excluded.provider, save_token = excluded.save_token,
            secrets_sealed = excluded.secrets_sealed, masks = excluded.masks, updated_at = excluded.updated_at
        "#,
        cloud.id,
        cloud.user_id,
        cloud.name,
        cloud.provider,
        cloud.save_token,
        cloud.secrets_sealed,
        Json(&cloud.masks) as _,
        cloud.created_at,
        cloud.updated_at,
    )
    .execute(connection)
    .await
    .context("storing a cloud")?;
    Ok(())
}

/// The clouds of one owner, in the order in which they were added, with ids above `after`.
pub async fn list(
    pool: &Pool,
    user_id: &str,
    after: Option<i32>,
    limit: i64,
) -> anyhow::Result<Vec<StoredCloud>> {
    select(pool, user_id, None, after, limit).await.context("listing clouds")
}

/// A cloud of this owner.
pub async fn find(
    executor: impl PgExecutor<'_>,
    id: i32,
    user_id: &str,
) -> anyhow::Result<Option<StoredCloud>> {
    Ok(select(executor, user_id, Some(id), None, 1).await.context("looking up a cloud")?.pop())
}

/// A cloud of this owner. Its row is locked until the transaction ends.
pub async fn find_locked(
    connection: &mut PgConnection,
    id: i32,
    user_id: &str,
) -> anyhow::Result<Option<StoredCloud>> {
    sqlx::query!("select id from cloud where id = $1 and user_id = $2 for update", id, user_id)
        .fetch_optional(&mut *connection)
        .await
        .context("locking a cloud")?;
    find(connection, id, user_id).await
}

async fn select(
    executor: impl PgExecutor<'_>,
    user_id: &str,
    id: Option<i32>,
    after: Option<i32>,
    limit: i64,
) -> sqlx::Result<Vec<StoredCloud>> {
    let rows = sqlx::query_as!(
        Row,
        r#"
        select c.id, c.user_id, c.name, c.provider, c.save_token, c.secrets_sealed, c.masks as "masks: Json<Masks>",
            c.created_at, c.updated_at,
            coalesce(
                (
                    select jsonb_agg(jsonb_build_object('project_id', p.id, 'project_name', p.name) order by p.name, p.id)
                    from cloud_share s join project p on p.id = s.project_id
                    where s.cloud_id = c.id
                ),
                '[]'
            ) as "shared_with!: Json<Vec<SharedProject>>",
            (
                select count(*) from deployment d
                where d.cloud_id = c.id and not d.deleted and d.status not in ('removed', 'cancelled')
            ) as "deployments!"
        from cloud c
        where c.user_id = $1 and ($2::integer is null or c.id = $2) and ($3::integer is null or c.id > $3)
        order by c.id
        limit $4
        "#,
        user_id,
        id,
        after,
        limit,
    )
    .fetch_all(executor)
    .await?;
    Ok(rows.into_iter().map(StoredCloud::from).collect())
}

/// A cloud that this user may deploy the project with: their own project's owner's, if the user is the owner or the cloud is
/// shared with the project. Until the transaction ends, it is not deleted.
pub async fn find_to_deploy(
    connection: &mut PgConnection,
    id: i32,
    project_id: i32,
    owner: &str,
    user_id: &str,
) -> anyhow::Result<Option<StoredCloud>> {
    let row = sqlx::query_as!(
        Row,
        r#"
        select c.id, c.user_id, c.name, c.provider, c.save_token, c.secrets_sealed, c.masks as "masks: Json<Masks>",
            c.created_at, c.updated_at, '[]'::jsonb as "shared_with!: Json<Vec<SharedProject>>",
            0::bigint as "deployments!"
        from cloud c
        where c.id = $1 and c.user_id = $3
            and ($3 = $4 or exists (select from cloud_share s where s.cloud_id = c.id and s.project_id = $2))
        for share of c
        "#,
        id,
        project_id,
        owner,
        user_id,
    )
    .fetch_optional(connection)
    .await
    .context("looking up a cloud to deploy with")?;
    Ok(row.map(StoredCloud::from))
}

pub async fn delete(connection: &mut PgConnection, id: i32) -> anyhow::Result<()> {
    sqlx::query!("delete from cloud where id = $1", id)
        .execute(connection)
        .await
        .context("deleting a cloud")?;
    Ok(())
}
