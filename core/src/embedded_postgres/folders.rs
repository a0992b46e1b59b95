//! The data folder: `pg/` is the cluster, `pg.log` its log, `pg.lock` our lock, `run/` holds the socket.

use std::{
    fs::{self, DirBuilder, File, OpenOptions, TryLockError},
    io::{self, Read, Seek, SeekFrom, Write},
    os::unix::{
        ffi::OsStrExt,
        fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt},
    },
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

use super::{PORT, account::Account, error::EmbeddedPostgresError};

/// The maximum length of a socket path, without the closing zero.
const MAX_SOCKET_PATH: usize = 107;
/// A longer log is renamed at the next start; one old log remains.
const MAX_LOG_BYTES: u64 = 4 * 1024 * 1024;
const OURS_ALONE: u32 = 0o700;

#[derive(Clone, Debug)]
pub struct Folders {
    data: PathBuf,
    socket: PathBuf,
}

/// Held on a separate file, because PostgreSQL's own lock file outlives a killed server.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Folders {
    /// The paths only; creates nothing.
    pub fn of(data_dir: &Path, account: &Account) -> Self {
        let runtime =
            if matches!(account, Account::Other { .. }) { Path::new("/run") } else { Path::new("/tmp") };
        Self { data: data_dir.to_owned(), socket: socket_folder(data_dir, runtime) }
    }

    /// Creates missing folders, with the right owners.
    pub fn prepare(data_dir: &Path, account: &Account) -> Result<Self, EmbeddedPostgresError> {
        create(data_dir, 0o755)
            .and_then(|()| open_for(account, data_dir))
            .map_err(|source| failed("made", data_dir, source))?;
        let data_dir = data_dir.canonicalize().map_err(|source| failed("found", data_dir, source))?;
        let folders = Self::of(&data_dir, account);
        folders.prepare_socket_folder(account)?;
        Ok(folders)
    }

    pub fn cluster(&self) -> PathBuf {
        self.data.join("pg")
    }

    /// Where the cluster is created; renamed when it is complete.
    pub fn new_cluster(&self) -> PathBuf {
        self.data.join("pg.new")
    }

    pub fn data(&self) -> &Path {
        &self.data
    }

    pub fn log(&self) -> PathBuf {
        self.data.join("pg.log")
    }

    pub fn socket(&self) -> &Path {
        &self.socket
    }

    pub fn socket_files(&self) -> [PathBuf; 2] {
        let socket = socket_file(&self.socket);
        let lock = self.socket.join(format!(".s.PGSQL.{PORT}.lock"));
        [socket, lock]
    }

    /// The major version that created the cluster; `None` without a cluster.
    pub fn cluster_version(&self) -> Option<String> {
        let version = fs::read_to_string(self.cluster().join("PG_VERSION")).ok()?;
        Some(version.trim().to_owned())
    }

    pub fn lock(&self) -> Result<Lock, EmbeddedPostgresError> {
        let path = self.data.join("pg.lock");
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .map_err(|source| failed("opened", &path, source))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                let process = file.read_to_string(&mut holder).ok().map(|_| holder.trim().to_owned());
                let process = process.filter(|id| !id.is_empty());
                return Err(EmbeddedPostgresError::InUse { folder: self.data.clone(), process });
            }
            Err(TryLockError::Error(source)) => return Err(failed("locked", &path, source)),
        }
        // The process id is written only for the error message above; the lock itself is held by the operating system.
        let written = file
            .set_len(0)
            .and_then(|()| file.seek(SeekFrom::Start(0)))
            .and_then(|_| writeln!(file, "{}", std::process::id()));
        written.map_err(|source| failed("written", &path, source))?;
        Ok(Lock { _file: file })
    }

    /// Opens the log for appending.
    pub fn open_log(&self) -> Result<File, EmbeddedPostgresError> {
        let path = self.log();
        if fs::metadata(&path).is_ok_and(|log| log.len() > MAX_LOG_BYTES) {
            fs::rename(&path, self.data.join("pg.log.1"))
                .map_err(|source| failed("put aside", &path, source))?;
        }
        let opened = OpenOptions::new().append(true).create(true).mode(0o600).open(&path);
        opened.map_err(|source| failed("opened", &path, source))
    }

    /// The log after the first `length` bytes.
    pub fn log_since(&self, length: u64) -> String {
        let mut said = Vec::new();
        let read = File::open(self.log()).and_then(|mut log| {
            log.seek(SeekFrom::Start(length))?;
            log.read_to_end(&mut said)
        });
        read.map_or_else(|_| String::new(), |_| String::from_utf8_lossy(&said).trim().to_owned())
    }

    fn prepare_socket_folder(&self, account: &Account) -> Result<(), EmbeddedPostgresError> {
        let folder = &self.socket;
        match DirBuilder::new().mode(OURS_ALONE).create(folder) {
            Ok(()) => account.own(folder).map_err(|source| failed("given away", folder, source)),
            // Other users can write into /tmp, so an existing folder must be exactly what we would have created.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                let found = fs::symlink_metadata(folder).map_err(|source| failed("read", folder, source))?;
                let ours =
                    found.is_dir() && found.uid() == account.uid() && found.mode() & 0o777 == OURS_ALONE;
                if ours {
                    Ok(())
                } else {
                    Err(EmbeddedPostgresError::SocketFolderTaken { folder: folder.clone() })
                }
            }
            Err(source) => Err(failed("made", folder, source)),
        }
    }
}

fn create(folder: &Path, parents: u32) -> io::Result<()> {
    if let Some(parent) = folder.parent() {
        DirBuilder::new().recursive(true).mode(parents).create(parent)?;
    }
    match DirBuilder::new().mode(OURS_ALONE).create(folder) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => Ok(()),
        made => made,
    }
}

/// Lets another user pass through our folder to the cluster, without listing the folder.
fn open_for(account: &Account, folder: &Path) -> io::Result<()> {
    if matches!(account, Account::Ours { .. }) {
        return Ok(());
    }
    let mode = fs::metadata(folder)?.permissions().mode();
    fs::set_permissions(folder, fs::Permissions::from_mode(mode | 0o011))
}

/// Beside the cluster, or in a folder with a short name derived from it if that path is too long for a socket.
fn socket_folder(data_dir: &Path, runtime: &Path) -> PathBuf {
    let beside = data_dir.join("run");
    if socket_file(&beside).as_os_str().len() <= MAX_SOCKET_PATH {
        return beside;
    }
    let name = hex::encode(&Sha256::digest(data_dir.as_os_str().as_bytes())[..8]);
    runtime.join(format!("stacker-{name}"))
}

fn socket_file(folder: &Path) -> PathBuf {
    folder.join(format!(".s.PGSQL.{PORT}"))
}

pub fn failed(action: &'static str, path: &Path, source: io::Error) -> EmbeddedPostgresError {
    EmbeddedPostgresError::Folder { action, path: path.to_owned(), source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_too_long_for_a_socket_gets_a_short_one() {
        let short = Path::new("/var/lib/stacker");
        assert_eq!(socket_folder(short, Path::new("/run")), Path::new("/var/lib/stacker/run"));

        let long = PathBuf::from(format!("/{}", "x".repeat(100)));
        let folder = socket_folder(&long, Path::new("/run"));
        assert!(socket_file(&folder).as_os_str().len() <= MAX_SOCKET_PATH);
        assert_eq!(folder, socket_folder(&long, Path::new("/run")));
        assert_ne!(folder, socket_folder(&long.join("y"), Path::new("/run")));
    }

    #[test]
    fn the_lock_is_held_by_one() {
        let folder = tempfile::tempdir().unwrap();
        let account = Account::Ours { uid: rustix::process::geteuid().as_raw() };
        let folders = Folders::of(folder.path(), &account);
        let lock = folders.lock().unwrap();
        let error = folders.lock().unwrap_err();
        assert!(error.to_string().contains(&format!("process {}", std::process::id())), "{error}");
        drop(lock);
        assert!(folders.lock().is_ok());
    }

    #[test]
    fn a_socket_folder_of_somebody_else_is_not_used() {
        let folder = tempfile::tempdir().unwrap();
        let account = Account::Ours { uid: rustix::process::geteuid().as_raw() };
        let folders = Folders::of(folder.path(), &account);
        fs::create_dir(folders.socket()).unwrap();
        fs::set_permissions(folders.socket(), fs::Permissions::from_mode(0o777)).unwrap();
        let error = folders.prepare_socket_folder(&account).unwrap_err();
        assert!(matches!(error, EmbeddedPostgresError::SocketFolderTaken { .. }), "{error}");
    }
}
