//! The agent's folder:
//!
//! ```text
//! credentials.json               id and token, 0600
//! lock                           held by the running agent
//! journal/<command_id>.json      every command received, until days after its end
//! stacks/<stack>/stack.json      the deployment, the revision that runs, the command in progress
//! stacks/<stack>/project/        the files of the stack: relative paths and /root/project/… lead here
//! stacks/<stack>/revisions/<n>/  compose.yml (byte for byte), effective.json, extras.json, files.json
//! stacks/<stack>/last-good/      the last healthy revision, to return to
//! ```

use std::{
    env,
    fs::{File, OpenOptions},
    io,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use anyhow::Context;

use super::files;

#[derive(Clone, Debug)]
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    /// Where the folder is or would be: the given one, or the default: `/var/lib/stacker-agent` for root, otherwise the user's data
    /// folder. Writes nothing.
    pub fn place(given: Option<&Path>) -> anyhow::Result<PathBuf> {
        let root = match given {
            Some(path) => path.to_owned(),
            None if rustix::process::geteuid().is_root() => PathBuf::from("/var/lib/stacker-agent"),
            None => user_data()
                .context("set HOME, XDG_DATA_HOME or --data-dir: there is no place for the agent's folder")?,
        };
        Ok(std::path::absolute(&root)?)
    }

    /// Opens the folder at [`Self::place`], and makes it if there is none.
    pub fn open(given: Option<&Path>) -> anyhow::Result<Self> {
        let root = Self::place(given)?;
        files::private_folder(&root).with_context(|| format!("cannot make the folder {}", root.display()))?;
        // Resolves symbolic links, because checks and mounts must use the same path.
        let root =
            root.canonicalize().with_context(|| format!("cannot use the folder {}", root.display()))?;
        anyhow::ensure!(root.to_str().is_some(), "the path of the agent's folder has to be UTF-8");
        Ok(Self { root })
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    pub fn credentials(&self) -> PathBuf {
        self.root.join("credentials.json")
    }

    pub fn journal(&self) -> PathBuf {
        self.root.join("journal")
    }

    pub fn stacks(&self) -> PathBuf {
        self.root.join("stacks")
    }

    /// Locks the folder until the returned file is dropped. Fails if another agent runs in this folder.
    pub fn lock(&self) -> anyhow::Result<File> {
        let file = self.lock_file()?;
        rustix::fs::flock(&file, rustix::fs::FlockOperation::NonBlockingLockExclusive)
            .with_context(|| format!("another agent runs in {}", self.root.display()))?;
        Ok(file)
    }

    /// Whether an agent is currently running in this folder.
    pub fn is_running(&self) -> io::Result<bool> {
        let file = self.lock_file()?;
        Ok(rustix::fs::flock(&file, rustix::fs::FlockOperation::NonBlockingLockShared).is_err())
    }

    fn lock_file(&self) -> io::Result<File> {
        OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(self.root.join("lock"))
    }
}

fn user_data() -> Option<PathBuf> {
    let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let data = set("XDG_DATA_HOME").or_else(|| set("HOME").map(|home| home.join(".local/share")))?;
    Some(data.join("stacker-agent"))
}
