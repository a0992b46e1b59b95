//! Restores a backup into an empty database. Existing data is never overwritten.

use std::path::Path;

use anyhow::Context as _;
use tokio_util::sync::CancellationToken;

use super::{
    BackupError, DUMP, KEY_RING, MANIFEST,
    archive::Archive,
    manifest::{Manifest, ManifestError},
    programs::Programs,
    unless_stopped,
};
use crate::{
    config::Settings,
    context::Context,
    crypto::KeyRing,
    database::Database,
    db::{self, PendingMigrations, Pool, postgres::backups},
    embedded_postgres::EmbeddedPostgres,
    services::{KeyRingSource, Verified, open_everything},
};

#[derive(Debug)]
pub struct Restored {
    pub manifest: Manifest,
    pub bytes: u64,
    pub verified: Verified,
}

/// A verified backup of a supported version, with its key ring.
pub(super) struct Opened {
    pub archive: Archive,
    pub manifest: Manifest,
    pub keyring: KeyRing,
}

pub(super) fn open(path: &Path) -> Result<Opened, BackupError> {
    let mut archive = Archive::open(path, &[DUMP, KEY_RING, MANIFEST])?;
    let keyring = KeyRing::parse(&archive.read(KEY_RING)?).map_err(|_| ManifestError::OtherRing)?;
    let manifest = Manifest::read(&archive.read(MANIFEST)?, &keyring)?;
    Ok(Opened { archive, manifest, keyring })
}

/// Restores into the configured database, or into the private one of the data folder.
pub async fn restore(
    settings: &Settings,
    source: &KeyRingSource,
    context: &Context,
    path: &Path,
    stop: &CancellationToken,
) -> Result<Restored, BackupError> {
    let opened = open(path)?;
    if settings.database.is_none() && EmbeddedPostgres::running(&settings.data_dir)?.is_some() {
        return Err(BackupError::Running);
    }
    let database = Database::open(settings, PendingMigrations::Leave).await?;
    let restored = restore_into(settings, &database.pool, source, context, opened, stop).await;
    database.close(std::time::Duration::from_secs(1)).await;
    restored
}

async fn restore_into(
    settings: &Settings,
    pool: &Pool,
    source: &KeyRingSource,
    context: &Context,
    opened: Opened,
    stop: &CancellationToken,
) -> Result<Restored, BackupError> {
    let mut connection = pool.acquire().await.context("connecting")?;
    let tables = backups::count_tables(&mut connection).await?;
    if tables > 0 {
        return Err(BackupError::NotEmpty(tables));
    }
    let server = backups::server_version(&mut connection).await?;
    drop(connection);
    let options = pool.connect_options();
    let programs = Programs::for_database(options, settings.database.as_ref(), server.major)?;
    // The key ring comes first: a database without its keys is useless, and the next start would create new ones.
    let has_made_ring = put_key_ring(source, &opened.keyring, context).await?;
    let loaded = unless_stopped(stop, load(&programs, pool, opened)).await;
    if loaded.is_err()
        && has_made_ring
        && let KeyRingSource::File(path) = source
    {
        // A new key ring is deleted again, unless the database was filled: then it is needed.
        let tables = match pool.acquire().await {
            Ok(mut connection) => backups::count_tables(&mut connection).await.unwrap_or(1),
            Err(_) => 1,
        };
        if tables == 0 {
            drop(std::fs::remove_file(path));
        }
    }
    loaded
}

/// Returns whether the key ring was created. An existing one must hold every key of the archive.
async fn put_key_ring(
    source: &KeyRingSource,
    keyring: &KeyRing,
    context: &Context,
) -> Result<bool, BackupError> {
    let Some(found) = source.find().await? else {
        source.create(keyring, context.random.as_ref()).await?;
        return Ok(true);
    };
    let held = found.fingerprints();
    let has_all = keyring.fingerprints().iter().all(|(id, fingerprint)| held.get(id) == Some(fingerprint));
    if has_all {
        return Ok(false);
    }
    let how = match source {
        KeyRingSource::File(_) => "move it away",
        KeyRingSource::Value(_) => "set the variable to that of the archive",
        KeyRingSource::Vault(_) => "put that of the archive there",
    };
    Err(BackupError::OtherKeyRing { place: source.place(), how, member: KEY_RING })
}

/// Fills the empty database, migrates it, and compares the result with the manifest.
pub(super) async fn load(
    programs: &Programs,
    pool: &Pool,
    mut opened: Opened,
) -> Result<Restored, BackupError> {
    let made_with = opened.manifest.dump_major;
    if programs.major() < made_with {
        return Err(ManifestError::OlderPrograms { made_with, installed: programs.major() }.into());
    }
    programs.restore(&mut opened.archive).await?;
    compare(pool, &opened.manifest).await?;
    db::migrate(pool, PendingMigrations::Apply).await?;
    let verified = open_everything(pool, &opened.keyring).await?;
    if verified.failed > 0 {
        let some: Vec<String> =
            verified.unopened.iter().map(|value| format!("{} ({})", value.place, value.reason)).collect();
        return Err(BackupError::Unopened { failed: verified.failed, some: some.join(", ") });
    }
    Ok(Restored { bytes: opened.archive.size(), manifest: opened.manifest, verified })
}

/// Compares rows and migrations, before the migrations run.
async fn compare(pool: &Pool, manifest: &Manifest) -> Result<(), BackupError> {
    let mut connection = pool.acquire().await.context("connecting")?;
    let migrations = backups::migrations(&mut connection).await?;
    if migrations != manifest.migrations {
        return Err(BackupError::Differs("other migrations are applied".to_owned()));
    }
    let rows = backups::count_rows(&mut connection).await?;
    if let Some(table) = rows
        .keys()
        .chain(manifest.tables.keys())
        .find(|table| rows.get(*table) != manifest.tables.get(*table))
    {
        let count = |rows: Option<&i64>| {
            rows.map_or_else(|| "no such table".to_owned(), |rows| format!("{rows} rows"))
        };
        let (now, before) = (count(rows.get(table)), count(manifest.tables.get(table)));
        return Err(BackupError::Differs(format!("{table} has {now}, and had {before}")));
    }
    Ok(())
}
