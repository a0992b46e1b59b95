//! Connects to the database at start-up.

use std::time::Duration;

use anyhow::Context as _;
use sqlx::{ConnectOptions, Connection, postgres::PgConnectOptions};

use super::pool::Pool;

/// A request that gets no free connection within this time fails.
pub const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolLimits {
    pub max_connections: u32,
}

/// The driver's message is the source, for the log only, because it may contain the address.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    #[error("the database did not let us in: check that it runs, and the settings under `database`")]
    Refused(#[source] sqlx::Error),
    #[error("the database did not answer within {} s: check `database.host` and `database.port`", ACQUIRE_TIMEOUT.as_secs())]
    TimedOut,
}

/// Connects once, so that a wrong setting is reported at start-up and not by the first request. (The pool alone would retry until
/// its timeout, and then could not name the cause.)
pub async fn connect(options: PgConnectOptions, limits: PoolLimits) -> Result<Pool, ConnectError> {
    let options = options.application_name("stacker");
    let first = async { options.connect().await?.close().await };
    tokio::time::timeout(ACQUIRE_TIMEOUT, first)
        .await
        .map_err(|_| ConnectError::TimedOut)?
        .map_err(ConnectError::Refused)?;
    Ok(Pool::new(options, limits))
}

/// Whether the database responds.
pub async fn ping(pool: &Pool) -> anyhow::Result<()> {
    sqlx::query_scalar!("select 1 as \"one!\"")
        .fetch_one(pool)
        .await
        .context("asking the database whether it is there")?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::db::postgres::connect::*;

    #[tokio::test]
    async fn a_database_that_is_not_there_is_said_at_once_and_without_its_password() {
        // Nothing listens on a port that was just released.
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let options = PgConnectOptions::new_without_pgpass()
            .host("127.0.0.1")
            .port(port)
            .username("ada")
            .password("hunter2");
        let error = connect(options, PoolLimits { max_connections: 2 }).await.unwrap_err();
        assert!(matches!(error, ConnectError::Refused(_)), "{error}");
        assert!(!format!("{error} {error:?}").contains("hunter2"));
    }
}
