//! Connections that were returned with unread answers or an open transaction.

use std::time::Duration;

use deadpool::managed::Object;
use sqlx::{Connection as _, Executor as _};

use super::opening::{Opening, Pooled};

/// How long an abandoned statement may continue. Meanwhile it counts as one of the pool's connections: otherwise clients that
/// leave while they wait for a lock could fill the database with connections.
const SETTLES_WITHIN: Duration = Duration::from_secs(5);

/// Closed when it is dropped, unless it was settled: also if its task is cut short.
pub struct Unsettled {
    /// `None` only while it is dropped.
    taken: Option<Object<Opening>>,
}

impl From<Object<Opening>> for Unsettled {
    fn from(taken: Object<Opening>) -> Self {
        Self { taken: Some(taken) }
    }
}

impl Unsettled {
    /// Returns the connection to its pool once it answers the right question outside of any transaction.
    pub async fn settle(mut self) {
        let Some(taken) = &mut self.taken else { return };
        // The pool is gone, so the connection is closed.
        let Some(pool) = Object::pool(taken) else { return };
        match tokio::time::timeout(SETTLES_WITHIN, settled(taken, pool.manager())).await {
            Ok(Ok(())) => drop(self.taken.take()),
            Ok(Err(error)) => {
                tracing::debug!(error = format!("{error:#}"), "a database connection broke");
                self.discard();
            }
            Err(_) => tracing::debug!("an abandoned statement took too long; its connection is closed"),
        }
    }

    /// Closes the connection, which is broken. Others may be broken too, so they are tested.
    pub fn discard(self) {
        if let Some(pool) = self.taken.as_ref().and_then(Object::pool) {
            pool.manager().distrust();
        }
    }
}

impl Drop for Unsettled {
    fn drop(&mut self) {
        if let Some(taken) = self.taken.take() {
            drop(Object::take(taken));
        }
    }
}

async fn settled(pooled: &mut Pooled, opening: &Opening) -> anyhow::Result<()> {
    pooled.connection.flush().await?;
    if pooled.in_transaction {
        pooled.connection.execute("rollback").await?;
        pooled.in_transaction = false;
    }
    opening.ask(&mut pooled.connection).await
}
