//! The pool of connections.

use std::time::Duration;

use sqlx::{
    PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

/// A request that finds no free connection for this long is answered with an error.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);
const IDLE_TIMEOUT: Duration = Duration::from_secs(300);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolLimits {
    pub max_connections: u32,
}

/// The text leaves out what the driver says: it may quote the address. The driver's own error is the source.
#[derive(Debug, thiserror::Error)]
#[error("the database did not let us in: check that it runs, and the settings under `database`")]
pub struct ConnectError(#[from] sqlx::Error);

/// Connects once, so that a wrong setting is found at the start and not by the first request.
pub async fn connect(options: PgConnectOptions, limits: PoolLimits) -> Result<PgPool, ConnectError> {
    let pool = PgPoolOptions::new()
        .max_connections(limits.max_connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .idle_timeout(IDLE_TIMEOUT)
        .connect_with(options.application_name("stacker"))
        .await?;
    Ok(pool)
}
