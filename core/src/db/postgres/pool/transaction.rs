//! A transaction on a pooled connection.

use std::ops::{Deref, DerefMut};

use sqlx::{Executor as _, PgConnection};

use super::Connection;

/// Rolled back when it is dropped, unless it was committed.
pub struct Transaction {
    connection: Connection,
}

impl Transaction {
    pub(super) async fn begin(mut connection: Connection) -> sqlx::Result<Self> {
        connection.set_in_transaction(true);
        match connection.execute("begin").await {
            Ok(_) => Ok(Self { connection }),
            Err(error) => {
                connection.discard();
                Err(error)
            }
        }
    }

    pub async fn commit(self) -> sqlx::Result<()> {
        self.end("commit").await
    }

    /// Dropping does the same later; this waits for it.
    pub async fn rollback(self) -> sqlx::Result<()> {
        self.end("rollback").await
    }

    async fn end(mut self, how: &'static str) -> sqlx::Result<()> {
        let ended = self.connection.execute(how).await;
        // PostgreSQL ends a transaction that it refuses to commit.
        if matches!(ended, Ok(_) | Err(sqlx::Error::Database(_))) {
            self.connection.set_in_transaction(false);
        }
        ended.map(|_| ())
    }
}

impl Deref for Transaction {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        &self.connection
    }
}

impl DerefMut for Transaction {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.connection
    }
}
