//! Table `registry_credential`: credentials for private images.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use domain::api::RegistryItem;
use sqlx::PgConnection;

use crate::{crypto::SealedColumn, db::Pool};

const UNIQUE: &str = "registry_credential_is_unique";

/// Credentials as they are stored.
#[derive(Clone, Debug)]
pub struct StoredRegistry {
    pub id: i32,
    pub user_id: String,
    pub project_id: Option<i32>,
    /// Host and port in lower case; `docker.io` for Docker Hub.
    pub server: String,
    pub username: String,
    pub password_sealed: Vec<u8>,
    pub mask: String,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl From<StoredRegistry> for RegistryItem {
    fn from(stored: StoredRegistry) -> Self {
        Self {
            id: stored.id,
            server: stored.server,
            username: stored.username,
            password: stored.mask,
            project_id: stored.project_id,
            created_at: stored.created_at,
            updated_at: stored.updated_at,
        }
    }
}

/// There are credentials of this owner for this registry and project already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AlreadyThere;

/// Where a password is sealed.
pub fn place(id: &str) -> SealedColumn<'_> {
    SealedColumn { table: "registry_credential", column: "password_sealed", row: id }
}

/// Until the transaction ends, no other credentials are added for this owner, so counts hold.
pub async fn lock_owner(connection: &mut PgConnection, user_id: &str) -> anyhow::Result<()> {
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended('registry of ' || $1, 0))", user_id)
        .execute(connection)
        .await
        .context("locking the registries of an owner")?;
    Ok(())
}

pub async fn count(connection: &mut PgConnection, user_id: &str) -> anyhow::Result<i64> {
    sqlx::query_scalar!(r#"select count(*) as "count!" from registry_credential where user_id = $1"#, user_id)
        .fetch_one(connection)
        .await
        .context("counting credentials for registries")
}

/// The id is drawn before the row is inserted, because the password is sealed for this id.
pub async fn next_id(connection: &mut PgConnection) -> anyhow::Result<i32> {
    sqlx::query_scalar!(
        r#"select nextval(pg_get_serial_sequence('registry_credential', 'id'))::integer as "id!""#
    )
    .fetch_one(connection)
    .await
    .context("taking an id for credentials")
}

/// Whether a project belongs to this user. Until the transaction ends, it is not deleted.
pub async fn keep_project(
    connection: &mut PgConnection,
    project_id: i32,
    user_id: &str,
) -> anyhow::Result<bool> {
    let found = sqlx::query_scalar!(
        "select id from project where id = $1 and user_id = $2 for key share",
        project_id,
        user_id
    )
    .fetch_optional(connection)
    .await
    .context("looking up the project of credentials")?;
    Ok(found.is_some())
}

/// Inserts credentials, or replaces everything of them that can change.
pub async fn write(
    connection: &mut PgConnection,
    stored: &StoredRegistry,
) -> anyhow::Result<Result<(), AlreadyThere>> {
    let written = sqlx::query!(
        "
        insert into registry_credential
            (id, user_id, project_id, server, username, password_sealed, mask, created_at, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        on conflict (id) do update
        set project_id = excluded.project_id, server = excluded.server, username = excluded.username,
            password_sealed = excluded.password_sealed, mask = excluded.mask, updated_at = excluded.updated_at
        ",
        stored.id,
        stored.user_id,
        stored.project_id,
        stored.server,
        stored.username,
        stored.password_sealed,
        stored.mask,
        stored.created_at,
        stored.updated_at,
    )
    .execute(connection)
    .await;
    match written {
        Ok(_) => Ok(Ok(())),
        Err(sqlx::Error::Database(error)) if error.constraint() == Some(UNIQUE) => Ok(Err(AlreadyThere)),
        Err(error) => Err(error).context("storing credentials for a registry"),
    }
}

/// The credentials of one owner, in the order in which they were added, with ids above `after`.
pub async fn list(
    pool: &Pool,
    user_id: &str,
    after: Option<i32>,
    limit: i64,
) -> anyhow::Result<Vec<StoredRegistry>> {
    sqlx::query_as!(
        StoredRegistry,
        "
        select id, user_id, project_id, server, username, password_sealed, mask, created_at, updated_at
        from registry_credential
        where user_id = $1 and ($2::integer is null or id > $2)
        order by id
        limit $3
        ",
        user_id,
        after,
        limit,
    )
    .fetch_all(pool)
    .await
    .context("listing credentials for registries")
}

/// Those for the images of a project: at most one for each registry, its own before that of the account.
pub async fn of_project(
    pool: &Pool,
    user_id: &str,
    project_id: Option<i32>,
) -> anyhow::Result<Vec<StoredRegistry>> {
    sqlx::query_as!(
        StoredRegistry,
        "
        select distinct on (server)
            id, user_id, project_id, server, username, password_sealed, mask, created_at, updated_at
        from registry_credential
        where user_id = $1 and (project_id is null or project_id = $2)
        order by server, project_id nulls last
        ",
        user_id,
        project_id,
    )
    .fetch_all(pool)
    .await
    .context("reading the credentials of a project")
}

/// Credentials of this owner. Their row is locked until the transaction ends.
pub async fn find_locked(
    connection: &mut PgConnection,
    id: i32,
    user_id: &str,
) -> anyhow::Result<Option<StoredRegistry>> {
    sqlx::query_as!(
        StoredRegistry,
        "
        select id, user_id, project_id, server, username, password_sealed, mask, created_at, updated_at
        from registry_credential
        where id = $1 and user_id = $2
        for update
        ",
        id,
        user_id,
    )
    .fetch_optional(connection)
    .await
    .context("looking up credentials for a registry")
}

pub async fn delete(connection: &mut PgConnection, id: i32) -> anyhow::Result<()> {
    sqlx::query!("delete from registry_credential where id = $1", id)
        .execute(connection)
        .await
        .context("deleting credentials for a registry")?;
    Ok(())
}
