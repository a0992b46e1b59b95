//! The file of the key ring: JSON, `{"active": 1, "keys": {"1": "<32 bytes in base64>"}}`, readable by its owner only.

use std::{
    collections::BTreeMap,
    fs::{self, OpenOptions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};

use super::key_ring::{Key, KeyRing};
use crate::services::Random;

#[derive(Debug, thiserror::Error)]
pub enum KeyRingFileError {
    #[error("the key ring {} could not be {action}: {source}", path.display())]
    Io { action: &'static str, path: PathBuf, source: io::Error },
    #[error("the key ring {} can be read by others (mode {mode:o}): run `chmod 600` on it, and consider its keys known", path.display())]
    TooOpen { path: PathBuf, mode: u32 },
    #[error("the key ring {} is damaged ({what}): put back a copy of it, secrets sealed with its keys are lost otherwise", path.display())]
    Damaged { path: PathBuf, what: &'static str },
}

/// Its text is never put into an error: it is all secret.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Contents {
    active: u32,
    keys: BTreeMap<u32, String>,
}

pub(super) fn open_or_create(path: &Path, random: &dyn Random) -> Result<KeyRing, KeyRingFileError> {
    match fs::metadata(path) {
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => create(path, random)?,
        Err(source) => return Err(io_error("read", path, source)),
    }
    read(path)
}

fn read(path: &Path) -> Result<KeyRing, KeyRingFileError> {
    let mode =
        fs::metadata(path).map_err(|source| io_error("read", path, source))?.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(KeyRingFileError::TooOpen { path: path.to_owned(), mode });
    }
    let damaged = |what| KeyRingFileError::Damaged { path: path.to_owned(), what };
    let text = fs::read(path).map_err(|source| io_error("read", path, source))?;
    let contents: Contents =
        serde_json::from_slice(&text).map_err(|_| damaged("it is not the JSON we wrote"))?;
    let keys = contents
        .keys
        .into_iter()
        .map(|(id, key)| {
            let bytes = STANDARD.decode(key).ok()?;
            Some((id, Key::try_from(bytes).ok()?))
        })
        .collect::<Option<BTreeMap<_, _>>>()
        .ok_or_else(|| damaged("a key is not 32 bytes in base64"))?;
    if !keys.contains_key(&contents.active) {
        return Err(damaged("the active key is missing"));
    }
    Ok(KeyRing::new(contents.active, keys))
}

/// Writes a file of its own and links it into place: of several servers starting at once, one wins, and none ever sees
/// half a file.
fn create(path: &Path, random: &dyn Random) -> Result<(), KeyRingFileError> {
    let mut key = Key::default();
    random.fill(&mut key);
    let contents = Contents { active: 1, keys: BTreeMap::from([(1, STANDARD.encode(key))]) };
    let text = serde_json::to_vec_pretty(&contents)
        .map_err(|source| io_error("written", path, io::Error::other(source)))?;

    if let Some(folder) = path.parent() {
        let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(folder);
        made.map_err(|source| io_error("written", path, source))?;
    }
    let draft = path.with_extension(format!("new-{}", random.uuid_v4()));
    let written = write_privately(&draft, &text).and_then(|()| match fs::hard_link(&draft, path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        linked => linked,
    });
    // Whatever happened, no second copy of the key stays behind.
    let removed = fs::remove_file(&draft);
    written.and(removed).map_err(|source| io_error("written", path, source))
}

fn write_privately(path: &Path, text: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text)?;
    file.sync_all()
}

fn io_error(action: &'static str, path: &Path, source: io::Error) -> KeyRingFileError {
    KeyRingFileError::Io { action, path: path.to_owned(), source }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;
    use crate::{crypto::SealedColumn, services::SystemRandom};

    const PLACE: SealedColumn<'static> = SealedColumn { table: "cloud", column: "token", row: "1" };

    #[test]
    fn the_first_start_makes_a_file_that_only_its_owner_reads() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data/keyring");
        let ring = KeyRing::open_or_create(&path, &SystemRandom).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);

        let sealed = ring.seal(&SystemRandom, b"s3cret", PLACE).unwrap();
        let again = KeyRing::open_or_create(&path, &SystemRandom).unwrap();
        assert_eq!(again.open(&sealed, PLACE).unwrap().expose_secret(), b"s3cret");
    }

    #[test]
    fn servers_that_start_at_once_agree_on_one_key() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keyring");
        let rings: Vec<_> = std::thread::scope(|scope| {
            let starts: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| KeyRing::open_or_create(&path, &SystemRandom).unwrap()))
                .collect();
            starts.into_iter().map(|start| start.join().unwrap()).collect()
        });
        let sealed = rings[0].seal(&SystemRandom, b"s3cret", PLACE).unwrap();
        assert!(rings.iter().all(|ring| ring.open(&sealed, PLACE).is_ok()));
    }

    #[test]
    fn a_file_that_others_can_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keyring");
        KeyRing::open_or_create(&path, &SystemRandom).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        let error = KeyRing::open_or_create(&path, &SystemRandom).unwrap_err();
        assert!(matches!(error, KeyRingFileError::TooOpen { mode: 0o644, .. }), "{error}");
    }

    #[test]
    fn a_damaged_file_is_neither_replaced_nor_quoted() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keyring");
        write_privately(&path, br#"{"active": 1, "keys": {"1": "hunter2"}}"#).unwrap();
        let error = KeyRing::open_or_create(&path, &SystemRandom).unwrap_err();
        assert!(matches!(error, KeyRingFileError::Damaged { .. }));
        assert!(!format!("{error} {error:?}").contains("hunter2"));
        assert!(fs::read_to_string(&path).unwrap().contains("hunter2"));
    }
}
