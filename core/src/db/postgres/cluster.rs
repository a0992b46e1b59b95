//! Sets up a new private cluster: a role that owns our database and has no other rights.

use anyhow::Context as _;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, postgres::PgConnectOptions};

/// The role, and also the name of the database.
pub const ROLE: &str = "stacker";
/// The superuser that `initdb` creates; used for the set-up only.
pub const SUPERUSER: &str = "postgres";

/// Creates what is missing, so that the next start completes an interrupted set-up.
pub async fn create_role_and_database(superuser: PgConnectOptions) -> anyhow::Result<()> {
    let mut connection = superuser.connect().await.context("connecting to the new private database")?;
    if !role_exists(&mut connection).await? {
        run(&mut connection, format!("create role {ROLE} login nosuperuser nocreatedb nocreaterole")).await?;
    }
    if !database_exists(&mut connection).await? {
        run(&mut connection, format!("create database {ROLE} owner {ROLE}")).await?;
    }
    connection.close().await.context("leaving the new private database")
}

async fn role_exists(connection: &mut PgConnection) -> anyhow::Result<bool> {
    sqlx::query_scalar!(r#"select exists (select from pg_roles where rolname = $1) as "exists!""#, ROLE)
        .fetch_one(connection)
        .await
        .context("looking for our role")
}

async fn database_exists(connection: &mut PgConnection) -> anyhow::Result<bool> {
    sqlx::query_scalar!(r#"select exists (select from pg_database where datname = $1) as "exists!""#, ROLE)
        .fetch_one(connection)
        .await
        .context("looking for our database")
}

/// For statements that cannot take parameters; they are built from constants only.
async fn run(connection: &mut PgConnection, statement: String) -> anyhow::Result<()> {
    sqlx::query(AssertSqlSafe(statement))
        .execute(connection)
        .await
        .context("setting up the private database")?;
    Ok(())
}
