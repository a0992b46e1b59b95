//! Makes a backup; servers may continue to run.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use secrecy::ExposeSecret as _;
use sqlx::{Connection as _, PgConnection};
use tokio_util::sync::CancellationToken;

use super::{
    BackupError, KEY_RING, MANIFEST, archive::ArchiveWriter, manifest::Manifest, programs::Programs,
    unless_stopped,
};
use crate::{
    config::Settings,
    context::Context,
    db::{self, PendingMigrations, Pool, postgres::backups, sealing::sealing_keys},
    services::{KeyRingSource, check_ring},
};

#[derive(Debug)]
pub struct Taken {
    pub path: PathBuf,
    pub bytes: u64,
    pub manifest: Manifest,
}

/// `target`: a new file, or a folder.
pub async fn take(
    settings: &Settings,
    pool: &Pool,
    source: &KeyRingSource,
    context: &Context,
    target: &Path,
    stop: &CancellationToken,
) -> Result<Taken, BackupError> {
    let created_at = context.clock.now();
    let path = if target.is_dir() {
        target.join(created_at.format("stacker-%Y%m%d-%H%M%S.tar").to_string())
    } else {
        target.to_owned()
    };
    if path.symlink_metadata().is_ok() {
        return Err(BackupError::Exists(path));
    }
    let mark = context.random.uuid_v4().simple().to_string();
    let mut archive = ArchiveWriter::create(&path, &mark)?;
    let written = unless_stopped(stop, async {
        // This lock excludes rotations, so that the database and the key ring match.
        let mut connection =
            PgConnection::connect_with(pool.connect_options()).await.context("connecting")?;
        if !sealing_keys::try_share_rotation(&mut connection).await? {
            return Err(BackupError::Rotating);
        }
        let keyring = source.find().await?.ok_or_else(|| BackupError::NoKeyRing(source.place()))?;
        // A database older than this program is backed up without this check.
        if db::migrate(pool, PendingMigrations::Refuse).await.is_ok() {
            check_ring(pool, &keyring).await?;
        }
        let mut snapshot = backups::Snapshot::begin(connection).await?;
        let server = backups::server_version(snapshot.connection()).await?;
        let options = pool.connect_options();
        let programs = Programs::for_database(options, settings.database.as_ref(), server.major)?;
        let tables: BTreeMap<String, i64> = backups::count_rows(snapshot.connection()).await?;
        let migrations = backups::migrations(snapshot.connection()).await?;
        programs.dump(snapshot.name(), &mut archive).await?;
        snapshot.end().await;
        let versions = (server.text, programs.major());
        let manifest = Manifest::new(created_at, versions, (migrations, tables), &keyring);
        archive.add(KEY_RING, keyring.to_text().expose_secret().as_bytes())?;
        let text = serde_json::to_vec_pretty(&manifest).context("writing the manifest")?;
        archive.add(MANIFEST, &text)?;
        Ok(manifest)
    })
    .await;
    let manifest = written?;
    let bytes = archive.finish()?;
    Ok(Taken { path, bytes, manifest })
}
