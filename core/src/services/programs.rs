//! The program `stacker` as hosts download it: one file for each platform.
//!
//! | file | what it is |
//! |---|---|
//! | `stacker-linux-x86_64` in `programs_dir` | the static program for that platform, put there by the operator |
//! | `stacker-linux-x86_64` beside the server | the static program of this build (`scripts/build.sh`) |
//! | `stacker` beside the server | the program of this build: for hosts with the libraries of this distribution, or newer ones |

use std::{
    collections::HashMap,
    env,
    fs::File,
    io::{self, Read as _},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

use aws_lc_rs::digest;
use domain::{
    api::HostProgram,
    problem::{Problem, ProblemKind, UseCaseError},
};

const PREFIX: &str = "stacker-";
const CHUNK: usize = 1 << 16;

/// Cheap to clone.
#[derive(Clone, Debug)]
pub struct Programs {
    folder: Option<PathBuf>,
    /// The folder of the server's own program.
    beside: Option<PathBuf>,
    /// SHA-256 of files that have not changed since it was computed.
    known: Arc<Mutex<HashMap<PathBuf, Known>>>,
}

#[derive(Clone, Debug)]
struct Known {
    changed: SystemTime,
    bytes: u64,
    sha256: String,
}

/// A program and its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundProgram {
    pub path: PathBuf,
    pub about: HostProgram,
}

#[derive(Debug, thiserror::Error)]
pub enum ProgramError {
    #[error(
        "there is no program for {platform} here: put it as {PREFIX}{platform} into the folder programs_dir of the server"
    )]
    PlatformNotAvailable { platform: String },
    #[error("something went wrong on our side")]
    Internal(#[from] anyhow::Error),
}

impl UseCaseError for ProgramError {
    fn problem(&self) -> Problem {
        match self {
            Self::PlatformNotAvailable { .. } => {
                Problem::new(ProblemKind::NotFound, "platform-not-available", self)
            }
            Self::Internal(_) => Problem::internal(),
        }
    }
}

impl Programs {
    pub(super) fn new(folder: Option<PathBuf>) -> Self {
        let beside = env::current_exe().ok().and_then(|server| Some(server.parent()?.to_owned()));
        Self { folder, beside, known: Arc::default() }
    }

    /// All programs, that for the server's own platform first. A file that cannot be read is left out and logged.
    pub async fn list(&self) -> Vec<HostProgram> {
        let programs = self.clone();
        let listed = tokio::task::spawn_blocking(move || programs.list_now()).await;
        listed.unwrap_or_default()
    }

    /// The program for a platform; `None`: for that of the server. `sum` is the beginning of the SHA-256 that a command expects: the
    /// program of this build is still served to those who copied the command before the static one was there.
    pub async fn find(
        &self,
        platform: Option<&str>,
        sum: Option<&str>,
    ) -> Result<FoundProgram, ProgramError> {
        let platform = platform.map_or_else(own_platform, str::to_owned);
        let programs = self.clone();
        let of = platform.clone();
        let found = tokio::task::spawn_blocking(move || programs.all_of(&of)).await;
        let mut found = found.map_err(anyhow::Error::from)?.map_err(anyhow::Error::from)?;
        if found.is_empty() {
            return Err(ProgramError::PlatformNotAvailable { platform });
        }
        let expected = sum.and_then(|sum| found.iter().position(|it| it.about.sha256.starts_with(sum)));
        Ok(found.swap_remove(expected.unwrap_or_default()))
    }

    fn list_now(&self) -> Vec<HostProgram> {
        let own = own_platform();
        let mut platforms = vec![own.clone()];
        for folder in self.folder.iter().chain(&self.beside) {
            let names = folder.read_dir().into_iter().flatten().flatten();
            let names = names.filter_map(|entry| entry.file_name().into_string().ok());
            platforms.extend(names.filter_map(|name| name.strip_prefix(PREFIX).map(str::to_owned)));
        }
        platforms[1..].sort();
        platforms.dedup();
        let mut listed: Vec<HostProgram> = Vec::new();
        for platform in platforms {
            match self.all_of(&platform) {
                Ok(found) if listed.iter().all(|it| it.platform != platform) => {
                    listed.extend(found.into_iter().next().map(|found| found.about));
                }
                Ok(_) => {}
                Err(error) => tracing::warn!(%error, platform, "a program for hosts cannot be read"),
            }
        }
        listed
    }

    /// The programs for a platform, the best first.
    fn all_of(&self, platform: &str) -> io::Result<Vec<FoundProgram>> {
        let mut found = Vec::new();
        if !is_platform(platform) {
            return Ok(found);
        }
        for folder in self.folder.iter().chain(&self.beside) {
            found.extend(self.at(folder.join(format!("{PREFIX}{platform}")), platform, true)?);
        }
        if let Some(beside) = self.beside.as_ref().filter(|_| platform == own_platform()) {
            found.extend(self.at(beside.join("stacker"), platform, false)?);
        }
        Ok(found)
    }

    /// `None`: there is no such file.
    fn at(&self, path: PathBuf, platform: &str, is_static: bool) -> io::Result<Option<FoundProgram>> {
        let metadata = match path.metadata() {
            Ok(metadata) if metadata.is_file() => metadata,
            Ok(_) => return Ok(None),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let (changed, bytes) = (metadata.modified()?, metadata.len());
        let same = |known: &&Known| known.changed == changed && known.bytes == bytes;
        let known = self.known().get(&path).filter(same).cloned();
        let sha256 = match known {
            Some(known) => known.sha256,
            None => {
                let sha256 = sha256_of(&path)?;
                self.known().insert(path.clone(), Known { changed, bytes, sha256: sha256.clone() });
                sha256
            }
        };
        let about = HostProgram { platform: platform.to_owned(), sha256, bytes, is_static };
        Ok(Some(FoundProgram { path, about }))
    }

    fn known(&self) -> std::sync::MutexGuard<'_, HashMap<PathBuf, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// `linux-x86_64`
fn own_platform() -> String {
    format!("{}-{}", env::consts::OS, env::consts::ARCH)
}

/// The platform becomes part of a path and of shell commands: nothing but letters, digits, `-` and `_`.
fn is_platform(text: &str) -> bool {
    (1..=40).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte))
}

/// Not by crate sha2: tests, too, hash large programs, and this one is fast in their build as well.
fn sha256_of(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut context = digest::Context::new(&digest::SHA256);
    let mut chunk = vec![0; CHUNK];
    loop {
        match file.read(&mut chunk)? {
            0 => return Ok(hex::encode(context.finish())),
            read => context.update(&chunk[..read]),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn in_folder(folder: &Path) -> Programs {
        Programs { folder: Some(folder.join("more")), beside: Some(folder.to_owned()), known: Arc::default() }
    }

    #[tokio::test]
    async fn a_static_program_goes_before_the_one_of_this_build_and_that_of_the_operator_before_both() {
        let folder = tempfile::tempdir().unwrap();
        let programs = in_folder(folder.path());
        assert!(programs.list().await.is_empty());
        assert!(matches!(programs.find(None, None).await, Err(ProgramError::PlatformNotAvailable { .. })));
        fs::create_dir(folder.path().join("more")).unwrap();
        let own = format!("stacker-{}", own_platform());
        for (path, is_static) in
            [("stacker".to_owned(), false), (own.clone(), true), (format!("more/{own}"), true)]
        {
            fs::write(folder.path().join(&path), &path).unwrap();
            let found = programs.find(None, None).await.unwrap();
            assert_eq!((found.path, found.about.is_static), (folder.path().join(path), is_static));
        }
        // A command that was copied before still gets the file that it names.
        let first = programs.all_of(&own_platform()).unwrap().pop().unwrap();
        let named = programs.find(None, Some(&first.about.sha256[..12])).await.unwrap();
        assert_eq!(named.path, folder.path().join("stacker"));
        fs::write(folder.path().join("more/stacker-linux-riscv64"), "abc").unwrap();
        let listed = programs.list().await;
        assert_eq!(
            listed.iter().map(|it| it.platform.clone()).collect::<Vec<_>>(),
            [own_platform(), "linux-riscv64".to_owned()]
        );
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!((listed[1].sha256.as_str(), listed[1].bytes), (abc, 3));
    }

    #[tokio::test]
    async fn a_changed_file_has_another_sum() {
        let folder = tempfile::tempdir().unwrap();
        let programs = in_folder(folder.path());
        let path = folder.path().join("stacker-linux-riscv64");
        fs::write(&path, "abc").unwrap();
        let before = programs.find(Some("linux-riscv64"), None).await.unwrap();
        fs::write(&path, "other").unwrap();
        assert_ne!(before, programs.find(Some("linux-riscv64"), None).await.unwrap());
    }

    #[tokio::test]
    async fn a_platform_is_never_a_path() {
        let folder = tempfile::tempdir().unwrap();
        let programs = in_folder(folder.path());
        fs::write(folder.path().join("secret"), "x").unwrap();
        for odd in ["../secret", "x/../../secret", "", "a b", "$(id)", &"x".repeat(41)] {
            let found = programs.find(Some(odd), None).await;
            assert!(matches!(found, Err(ProgramError::PlatformNotAvailable { .. })), "{odd}");
        }
    }
}
