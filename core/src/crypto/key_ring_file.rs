//! The key ring as a file that only its owner can read, in the format of [`super::key_ring_text`].

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, MetadataExt as _, OpenOptionsExt, PermissionsExt, chown},
    path::{Path, PathBuf},
};

use secrecy::{ExposeSecret as _, SecretSlice};

use super::{
    key_ring::KeyRing,
    key_ring_text::{self, KeyRingTextError},
};
use crate::context::Random;

#[derive(Debug, thiserror::Error)]
pub enum KeyRingFileError {
    #[error("the key ring {} could not be {action}: {source}", path.display())]
    Io { action: &'static str, path: PathBuf, source: io::Error },
    #[error("the key ring {} can be read by others (mode {mode:o}): run `chmod 600` on it, and consider its keys known", path.display())]
    TooOpen { path: PathBuf, mode: u32 },
    #[error("the key ring {} is damaged ({what}): put back a copy of it, secrets sealed with its keys are lost otherwise", path.display())]
    Damaged { path: PathBuf, what: KeyRingTextError },
}

impl KeyRing {
    /// Reads the file, or creates it (mode 0600) with one key. Servers that share the folder agree on one file.
    pub fn open_or_create(path: &Path, random: &dyn Random) -> Result<Self, KeyRingFileError> {
        open_or_create(path, random)
    }
}

fn open_or_create(path: &Path, random: &dyn Random) -> Result<KeyRing, KeyRingFileError> {
    match fs::metadata(path) {
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            create(path, &KeyRing::generate(random), random)?
        }
        Err(source) => return Err(io_error("read", path, source)),
    }
    read(path)
}

pub fn read(path: &Path) -> Result<KeyRing, KeyRingFileError> {
    let found = fs::metadata(path).map_err(|source| io_error("read", path, source))?;
    let mode = found.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(KeyRingFileError::TooOpen { path: path.to_owned(), mode });
    }
    let damaged = |what| KeyRingFileError::Damaged { path: path.to_owned(), what };
    if found.len() > key_ring_text::MAX_BYTES {
        return Err(damaged(KeyRingTextError::TooLong));
    }
    let text = SecretSlice::from(fs::read(path).map_err(|source| io_error("read", path, source))?);
    KeyRing::parse(text.expose_secret()).map_err(damaged)
}

/// Writes a draft and links it into place: of several servers starting at once, one wins, and no server ever reads an incomplete
/// file. An existing file is not replaced.
pub fn create(path: &Path, ring: &KeyRing, random: &dyn Random) -> Result<(), KeyRingFileError> {
    if let Some(folder) = path.parent() {
        let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(folder);
        made.map_err(|source| io_error("written", path, source))?;
    }
    let draft = path.with_extension(format!("new-{}", random.uuid_v4()));
    let text = ring.to_text();
    let written =
        write_privately(&draft, text.expose_secret().as_bytes()).and_then(|()| {
            match fs::hard_link(&draft, path) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
                linked => linked,
            }
        });
    // The draft is a second copy of the keys, so it is removed in every case.
    let removed = fs::remove_file(&draft);
    written.and(removed).map_err(|source| io_error("written", path, source))
}

/// Replaces the existing file atomically and keeps its owner.
pub fn replace(path: &Path, ring: &KeyRing, random: &dyn Random) -> Result<(), KeyRingFileError> {
    let draft = path.with_extension(format!("new-{}", random.uuid_v4()));
    let text = ring.to_text();
    let replaced = fs::metadata(path).and_then(|before| {
        write_privately(&draft, text.expose_secret().as_bytes())?;
        // The caller may be root, and the server another user.
        if before.uid() != rustix::process::geteuid().as_raw() {
            chown(&draft, Some(before.uid()), Some(before.gid()))?;
        }
        fs::rename(&draft, path)?;
        path.parent().map_or(Ok(()), |folder| fs::File::open(folder)?.sync_all())
    });
    if replaced.is_err() {
        // The draft does not exist if it was never written or is already in place.
        drop(fs::remove_file(&draft));
    }
    replaced.map_err(|source| io_error("written", path, source))
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
    use crate::{context::SystemRandom, crypto::key_ring::SealedColumn};

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
    fn another_ring_takes_the_place_of_the_file_and_leaves_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keyring");
        let ring = KeyRing::open_or_create(&path, &SystemRandom).unwrap().with_new_key(2, &SystemRandom);
        replace(&path, &ring, &SystemRandom).unwrap();
        assert_eq!(read(&path).unwrap().fingerprints(), ring.fingerprints());
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        let missing = folder.path().join("missing");
        assert!(replace(&missing, &ring, &SystemRandom).is_err());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
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
