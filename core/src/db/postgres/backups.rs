//! What a backup reads about the database as a whole.

use std::collections::BTreeMap;

use anyhow::Context as _;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

/// A fixed state of the database that both this program and `pg_dump` read, while other connections continue to write.
pub struct Snapshot {
    connection: PgConnection,
    name: String,
}

impl Snapshot {
    pub async fn begin(mut connection: PgConnection) -> anyhow::Result<Self> {
        sqlx::query("begin isolation level repeatable read read only")
            .execute(&mut connection)
            .await
            .context("beginning a snapshot")?;
        let name = sqlx::query_scalar!(r#"select pg_export_snapshot() as "name!""#)
            .fetch_one(&mut connection)
            .await
            .context("sharing a snapshot")?;
        Ok(Self { connection, name })
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn connection(&mut self) -> &mut PgConnection {
        &mut self.connection
    }

    pub async fn end(self) {
        // The transaction was read-only, so closing the connection is enough.
        drop(self.connection.close().await);
    }
}

pub struct ServerVersion {
    pub text: String,
    pub major: u32,
}

pub async fn server_version(connection: &mut PgConnection) -> anyhow::Result<ServerVersion> {
    let row = sqlx::query!(
        r#"
        select current_setting('server_version') as "text!",
            current_setting('server_version_num')::integer / 10000 as "major!"
        "#
    )
    .fetch_one(connection)
    .await
    .context("asking for the version of the database")?;
    Ok(ServerVersion { text: row.text, major: u32::try_from(row.major)? })
}

/// Counts all tables in the schema, those of other programs included.
pub async fn count_tables(connection: &mut PgConnection) -> anyhow::Result<i64> {
    sqlx::query_scalar!(r#"select count(*) as "count!" from pg_tables where schemaname = current_schema()"#)
        .fetch_one(connection)
        .await
        .context("counting tables")
}

/// The number of rows of each table.
pub async fn count_rows(connection: &mut PgConnection) -> anyhow::Result<BTreeMap<String, i64>> {
    let tables = sqlx::query!(
        r#"
        select tablename::text as "name!", format('%I.%I', schemaname, tablename) as "quoted!"
        from pg_tables
        where schemaname = current_schema()
        order by 1
        "#
    )
    .fetch_all(&mut *connection)
    .await
    .context("listing tables")?;
    let mut rows = BTreeMap::new();
    for table in tables {
        // The name as quoted by the database.
        let question = format!("select count(*) from {}", table.quoted);
        let count: i64 = sqlx::query_scalar(AssertSqlSafe(question))
            .fetch_one(&mut *connection)
            .await
            .with_context(|| format!("counting the rows of {}", table.name))?;
        rows.insert(table.name, count);
    }
    Ok(rows)
}

/// The applied migrations, in order.
pub async fn migrations(connection: &mut PgConnection) -> anyhow::Result<Vec<i64>> {
    sqlx::query_scalar("select version from _sqlx_migrations where success order by version")
        .fetch_all(connection)
        .await
        .context("listing the applied migrations")
}
