//! One database per test on the PostgreSQL that `DATABASE_URL` names, dropped when the test ends.

use std::{str::FromStr as _, thread};

use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection, postgres::PgConnectOptions};
use uuid::Uuid;

pub struct TestDatabase {
    name: String,
}

impl TestDatabase {
    /// Migrations are applied already if scripts/with-test-postgres.sh has started PostgreSQL.
    pub async fn new() -> Self {
        Self::made_from("template1").await
    }

    pub async fn empty() -> Self {
        Self::made_from("template0").await
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "names of databases must not repeat, and no test asserts them"
    )]
    async fn made_from(template: &str) -> Self {
        let name = format!("stacker_api_{}", Uuid::new_v4().simple());
        execute(format!("create database {name} template {template}")).await;
        Self { name }
    }

    /// The configuration variables that point a server to this database.
    pub fn variables(&self) -> Vec<(&'static str, String)> {
        let options = options();
        let host = options
            .get_socket()
            .map_or_else(|| options.get_host().to_owned(), |folder| folder.display().to_string());
        vec![
            ("STACKER__DATABASE__HOST", host),
            ("STACKER__DATABASE__PORT", options.get_port().to_string()),
            ("STACKER__DATABASE__USERNAME", options.get_username().to_owned()),
            ("STACKER__DATABASE__DATABASE_NAME", self.name.clone()),
            // Many tests run at once and share the connections of one PostgreSQL.
            ("STACKER__DATABASE__MAX_CONNECTIONS", "4".to_owned()),
        ]
    }
}

impl TestDatabase {
    /// Closes all connections to this database, as when a network breaks or PostgreSQL restarts.
    pub async fn kill_connections(&self) {
        let name = &self.name;
        execute(format!("select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'"))
            .await;
    }
}

impl TestDatabase {
    /// The number that a statement returns, for what no request can set up.
    pub async fn number(&self, statement: &str) -> i32 {
        let mut connection: PgConnection = options().database(&self.name).connect().await.unwrap();
        let number = sqlx::query_scalar(AssertSqlSafe(statement)).fetch_one(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        number
    }

    /// Every row of every table as text. Columns of bytes are in hex.
    pub async fn text(&self) -> String {
        let mut connection: PgConnection = options().database(&self.name).connect().await.unwrap();
        let tables: Vec<String> =
            sqlx::query_scalar("select tablename::text from pg_tables where schemaname = 'public'")
                .fetch_all(&mut connection)
                .await
                .unwrap();
        let mut text = String::new();
        for table in tables {
            let question = format!("select string_agg(t::text, E'\\n') from public.{table} t");
            let rows: Option<String> =
                sqlx::query_scalar(AssertSqlSafe(question)).fetch_one(&mut connection).await.unwrap();
            text.extend([table.as_str(), "\n", rows.as_deref().unwrap_or_default(), "\n"]);
        }
        connection.close().await.unwrap();
        text
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let statement = format!("drop database if exists {} with (force)", self.name);
        let dropped = thread::spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(execute(statement));
        });
        dropped.join().unwrap();
    }
}

async fn execute(statement: String) {
    let mut connection: PgConnection = options().connect().await.expect("the PostgreSQL of DATABASE_URL");
    sqlx::query(AssertSqlSafe(statement)).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

fn options() -> PgConnectOptions {
    let url = std::env::var("DATABASE_URL").expect(
        "DATABASE_URL names the PostgreSQL for tests: scripts/with-test-postgres.sh cargo test brings one",
    );
    PgConnectOptions::from_str(&url).unwrap()
}
