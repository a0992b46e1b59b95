//! The connection pool: one message to PostgreSQL for one statement.
//!
//! sqlx's own pool tests a connection whenever it is taken and whenever it is returned: three round trips for one statement. This
//! pool (`deadpool`) tests only when there is a reason, and keeps a connection only when its state is known:
//!
//! - Returned with nothing unread and no open transaction: the next caller gets it as it is.
//! - Returned with an open transaction (dropped, or an error in between) or with unread answers (an error, or a caller who left
//!   in the middle of a statement): settled first, by a task ([`settling`]). What cannot be settled is closed.
//! - Broken: closed, and every other connection is tested before its next use.
//! - Not used for a moment: tested before its next use, because the backend can have been killed meanwhile ([`opening`]).
//!
//! [`Pool::begin`] needs no test: its `begin` is one, and is repeated on another connection if the first one was dead. Nested
//! transactions, session settings and session locks have no place on a pooled connection.

mod connection;
mod executor;
mod opening;
mod settling;
mod transaction;

use std::{fmt, time::Duration};

use deadpool::managed::{self, PoolError, QueueMode};
use sqlx::{PgPool, postgres::PgConnectOptions};

pub use connection::Connection;
use opening::Opening;
pub use transaction::Transaction;

use super::connect::{ACQUIRE_TIMEOUT, PoolLimits};

/// A connection that was idle for this long is closed.
const IDLE_TIMEOUT: Duration = Duration::from_secs(300);

/// Cheap to clone; all clones share their connections. `&Pool` is an [`sqlx::Executor`] for single statements.
#[derive(Clone)]
pub struct Pool {
    connections: managed::Pool<Opening>,
}

impl Pool {
    /// Opens connections when they are needed, not before.
    #[expect(
        clippy::expect_used,
        reason = "building fails only for time limits without a runtime, and none are set"
    )]
    pub fn new(options: PgConnectOptions, limits: PoolLimits) -> Self {
        let most = usize::try_from(limits.max_connections).unwrap_or(usize::MAX);
        let connections = managed::Pool::builder(Opening::new(options))
            .max_size(most)
            // The connection that was used last is the least likely to be dead, and those that are not needed get old.
            .queue_mode(QueueMode::Lifo)
            .build()
            .expect("a pool without time limits of its own");
        Self { connections }
    }

    /// A connection for several statements. Waits 5 s at most, also while the database restarts.
    pub async fn acquire(&self) -> sqlx::Result<Connection> {
        self.close_unused();
        let taken = tokio::time::timeout(ACQUIRE_TIMEOUT, self.connections.get());
        match taken.await.map_err(|_| sqlx::Error::PoolTimedOut)? {
            Ok(taken) => Ok(Connection::new(taken)),
            Err(PoolError::Backend(error)) => Err(error),
            Err(PoolError::Closed) => Err(sqlx::Error::PoolClosed),
            Err(_) => Err(sqlx::Error::PoolTimedOut),
        }
    }

    /// A transaction. It is rolled back unless it is committed.
    pub async fn begin(&self) -> sqlx::Result<Transaction> {
        match Transaction::begin(self.acquire().await?).await {
            Ok(transaction) => Ok(transaction),
            // Nothing has happened yet, so another connection can be tried. It is new or tested: see `distrust`.
            Err(_) => Transaction::begin(self.acquire().await?).await,
        }
    }

    /// Tests every connection before its next use. For signs that the database was restarted.
    pub(crate) fn distrust(&self) {
        self.connections.manager().distrust();
    }

    pub fn connect_options(&self) -> &PgConnectOptions {
        self.connections.manager().options()
    }

    /// The number of open connections.
    pub fn size(&self) -> usize {
        self.connections.status().size
    }

    /// The number of idle connections.
    pub fn num_idle(&self) -> usize {
        self.connections.status().available
    }

    /// Hands out no more connections, and returns when all are closed: those in use when they are returned.
    pub async fn close(&self) {
        self.connections.close();
        while self.connections.status().size > 0 {
            self.connections.manager().one_left().await;
        }
    }

    fn close_unused(&self) {
        if self.connections.manager().is_time_to_look_for_unused() {
            self.connections.retain(|_, metrics| metrics.last_used() < IDLE_TIMEOUT);
        }
    }
}

impl fmt::Debug for Pool {
    /// Without the connection options, which contain the password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool").field("size", &self.size()).finish_non_exhaustive()
    }
}

/// The database that a test got from `#[sqlx::test]`.
impl From<&PgPool> for Pool {
    fn from(pool: &PgPool) -> Self {
        Self::new(pool.connect_options().as_ref().clone(), PoolLimits { max_connections: 5 })
    }
}
