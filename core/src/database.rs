//! The database of this process: the configured one, or the private cluster of the data folder.

use std::time::Duration;

use crate::{
    config::Settings,
    db::{self, PendingMigrations, Pool, PoolLimits},
    embedded_postgres::EmbeddedPostgres,
};
use anyhow::Context as _;
use sqlx::postgres::PgConnectOptions;

/// The most connections to a private cluster, which serves only this process.
const EMBEDDED_CONNECTIONS: u32 = 16;

pub struct Database {
    pub pool: Pool,
    /// The private cluster, if this process started it and must stop it.
    cluster: Option<EmbeddedPostgres>,
}

impl Database {
    /// Connects to the database, starts the private cluster if no database is configured, and brings the schema up to date.
    pub async fn open(settings: &Settings, migrations: PendingMigrations) -> anyhow::Result<Self> {
        let Some(configured) = &settings.database else {
            let (cluster, options) = EmbeddedPostgres::start(&settings.data_dir).await?;
            let limits = PoolLimits { max_connections: EMBEDDED_CONNECTIONS };
            return match connect(options, limits, migrations).await {
                Ok(pool) => Ok(Self { pool, cluster: Some(cluster) }),
                Err(error) => {
                    stop(cluster).await;
                    Err(error)
                }
            };
        };
        let limits = PoolLimits { max_connections: configured.max_connections };
        let pool = connect(configured.connect_options(), limits, migrations).await?;
        Ok(Self { pool, cluster: None })
    }

    /// Opens the database for a console command. If no database is configured, the command uses the private cluster of a running
    /// server, or starts the cluster for as long as the command runs.
    pub async fn open_beside(settings: &Settings, migrations: PendingMigrations) -> anyhow::Result<Self> {
        let running = match settings.database {
            Some(_) => None,
            None => EmbeddedPostgres::running(&settings.data_dir)?,
        };
        let Some(options) = running else { return Self::open(settings, migrations).await };
        let limits = PoolLimits { max_connections: 2 };
        let pool = connect(options, limits, migrations).await?;
        Ok(Self { pool, cluster: None })
    }

    /// Closes the connections, and stops the cluster if this process started it. Busy connections get `grace` to finish.
    pub async fn close(self, grace: Duration) {
        if tokio::time::timeout(grace, self.pool.close()).await.is_err() {
            tracing::warn!("database connections were still busy and are cut off");
        }
        if let Some(cluster) = self.cluster {
            stop(cluster).await;
        }
    }
}

async fn connect(
    options: PgConnectOptions,
    limits: PoolLimits,
    migrations: PendingMigrations,
) -> anyhow::Result<Pool> {
    let pool = db::connect(options, limits).await?;
    db::migrate(&pool, migrations).await.context("the database is not ready")?;
    Ok(pool)
}

async fn stop(cluster: EmbeddedPostgres) {
    if let Err(error) = cluster.stop().await {
        tracing::error!(
            error = format!("{error:#}"),
            "the private database did not stop cleanly; the next start recovers it"
        );
    }
}
