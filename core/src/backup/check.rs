//! Checks that a backup can be restored, in a temporary cluster and folder that are removed afterwards.

use std::{
    env, fs,
    os::unix::fs::DirBuilderExt as _,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::Context as _;
use sqlx::postgres::PgConnectOptions;
use tokio_util::sync::CancellationToken;

use super::{
    BackupError,
    programs::Programs,
    restore::{Opened, Restored, load, open},
    unless_stopped,
};
use crate::{
    context::Context,
    db::{self, PoolLimits, postgres::backups},
    embedded_postgres::EmbeddedPostgres,
};

/// The server's own database is not used.
pub async fn check(
    path: &Path,
    context: &Context,
    stop: &CancellationToken,
) -> Result<Restored, BackupError> {
    let opened = open(path)?;
    let scratch = Scratch::create(context)?;
    // Must not be cancelled: dropping the future would leave the started programs behind.
    let (cluster, options) = EmbeddedPostgres::start(&scratch.folder).await?;
    let _socket = SocketFolder(options.get_socket().cloned());
    let checked = unless_stopped(stop, load_into(options, opened)).await;
    let stopped = cluster.stop().await;
    let checked = checked?;
    stopped?;
    Ok(checked)
}

async fn load_into(options: PgConnectOptions, opened: Opened) -> Result<Restored, BackupError> {
    let limits = PoolLimits { max_connections: 2 };
    let pool = db::connect(options.clone(), limits).await.context("connecting to the scratch cluster")?;
    let server = backups::server_version(&mut *pool.acquire().await.context("connecting")?).await?;
    let programs = Programs::for_database(&options, None, server.major)?;
    let restored = load(&programs, &pool, opened).await;
    drop(tokio::time::timeout(Duration::from_secs(1), pool.close()).await);
    restored
}

struct Scratch {
    folder: PathBuf,
}

impl Scratch {
    fn create(context: &Context) -> Result<Self, BackupError> {
        let name = format!("stacker-check-{}", &context.random.uuid_v4().simple().to_string()[..12]);
        let folder = env::temp_dir().join(name);
        let made = fs::DirBuilder::new().mode(0o700).create(&folder);
        made.with_context(|| format!("making the folder {}", folder.display()))?;
        Ok(Self { folder })
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.folder) {
            tracing::warn!(
                folder = self.folder.display().to_string(),
                error = error.to_string(),
                "a scratch folder stays behind"
            );
        }
    }
}

/// The socket folder, in the scratch folder or elsewhere if that path is too long for a socket.
struct SocketFolder(Option<PathBuf>);

impl Drop for SocketFolder {
    fn drop(&mut self) {
        if let Some(folder) = &self.0 {
            // Usually already deleted with the scratch folder.
            drop(fs::remove_dir_all(folder));
        }
    }
}
