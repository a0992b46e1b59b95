//! What a backup records about itself: the versions of the programs that made it, and what a restore must contain.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{crypto::KeyRing, db::MIGRATOR};

/// The format of this program; no other format can be read.
const FORMAT: u32 = 1;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub format: u32,
    /// The version of the program that made the backup.
    pub stacker: String,
    pub created_at: DateTime<Utc>,
    /// The version string of the database.
    pub server_version: String,
    /// The major version of `pg_dump`.
    pub dump_major: u32,
    /// The applied migrations.
    pub migrations: Vec<i64>,
    /// The number of rows of each table.
    pub tables: BTreeMap<String, i64>,
    /// Fingerprints of the keys in the ring, by key number.
    pub keys: BTreeMap<u32, String>,
}

#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    #[error(
        "the backup has a manifest that cannot be read (format {0:?}): use the version of Stacker that made it"
    )]
    Unreadable(Option<u32>),
    #[error(
        "the backup was created by a newer Stacker ({stacker}; this version does not know migration {migration}): restore it with that version"
    )]
    Newer { stacker: String, migration: i64 },
    #[error("the key ring in the backup is not the one that its manifest names")]
    OtherRing,
    #[error(
        "the backup was made with pg_dump {made_with}, and {installed} is installed: install PostgreSQL {made_with} or newer"
    )]
    OlderPrograms { made_with: u32, installed: u32 },
}

impl Manifest {
    pub fn new(
        created_at: DateTime<Utc>,
        (server_version, dump_major): (String, u32),
        (migrations, tables): (Vec<i64>, BTreeMap<String, i64>),
        keyring: &KeyRing,
    ) -> Self {
        Self {
            format: FORMAT,
            stacker: env!("CARGO_PKG_VERSION").to_owned(),
            created_at,
            server_version,
            dump_major,
            migrations,
            tables,
            keys: keyring.fingerprints(),
        }
    }

    /// Fails if this program cannot restore the backup.
    pub fn read(text: &[u8], keyring: &KeyRing) -> Result<Self, ManifestError> {
        #[derive(Deserialize)]
        struct Format {
            format: u32,
        }
        let format =
            serde_json::from_slice::<Format>(text).map_err(|_| ManifestError::Unreadable(None))?.format;
        let unreadable = || ManifestError::Unreadable(Some(format));
        if format != FORMAT {
            return Err(unreadable());
        }
        let manifest: Self = serde_json::from_slice(text).map_err(|_| unreadable())?;
        if let Some(migration) =
            manifest.migrations.iter().copied().find(|version| !MIGRATOR.version_exists(*version))
        {
            return Err(ManifestError::Newer { stacker: manifest.stacker, migration });
        }
        if manifest.keys != keyring.fingerprints() {
            return Err(ManifestError::OtherRing);
        }
        Ok(manifest)
    }
}
