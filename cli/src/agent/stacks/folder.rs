//! The folder of one stack, `stacks/<stack>/`, and the list of all of them.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use domain::deploy::StackName;

use super::{record::Record, revision::RevisionFiles};
use crate::agent::{files, folder::Folder};

/// The number of revisions that are stored; older ones are removed.
const KEPT_REVISIONS: usize = 10;

/// The folder of one stack.
#[derive(Clone, Debug)]
pub struct StackFolder {
    folder: PathBuf,
    stack: StackName,
}

impl StackFolder {
    pub fn new(folder: &Folder, stack: &StackName) -> Self {
        Self { folder: folder.stacks().join(stack.as_str()), stack: stack.clone() }
    }

    /// The folder for the files of the stack. Containers can write to it.
    pub fn project(&self) -> PathBuf {
        self.folder.join("project")
    }

    pub fn make(&self) -> io::Result<()> {
        files::private_folder(&self.folder)?;
        files::shared_folder(&self.project())
    }

    pub fn record(&self) -> Option<Record> {
        read_record(&self.folder)
    }

    /// The stored record, or a new one for this deployment.
    pub fn record_for(&self, deployment_hash: &str) -> Record {
        self.record().unwrap_or_else(|| Record {
            stack: self.stack.clone(),
            deployment_hash: deployment_hash.to_owned(),
            last_good: None,
            applying: None,
            stopped: Vec::new(),
            ended: None,
            images: BTreeMap::new(),
        })
    }

    pub fn store(&self, record: &Record) -> io::Result<()> {
        files::private_folder(&self.folder)?;
        files::write(&self.folder.join("stack.json"), &serde_json::to_vec_pretty(record)?)
    }

    pub fn revision(&self, number: i32) -> RevisionFiles {
        RevisionFiles::at(self.folder.join("revisions").join(number.to_string()))
    }

    pub fn last_good(&self) -> RevisionFiles {
        let (now, before) = (self.folder.join("last-good"), self.folder.join("last-good.old"));
        // If only the old copy exists, the agent was killed between the two renames.
        let folder = if !now.exists() && before.exists() { before } else { now };
        RevisionFiles::at(folder)
    }

    /// Copies the revision, completely or not at all. A copy, because old revisions are removed and a number may be used again.
    pub fn keep_as_last_good(&self, revision: i32) -> io::Result<()> {
        let from = self.revision(revision);
        let at = |name: &str| self.folder.join(name);
        let (new, now, before) = (at("last-good.new"), at("last-good"), at("last-good.old"));
        remove(&new)?;
        files::private_folder(&new)?;
        for name in ["compose.yml", "extras.json", "effective.json"] {
            files::write(&new.join(name), &fs::read(from.path(name))?)?;
        }
        if now.exists() {
            remove(&before)?;
            fs::rename(&now, &before)?;
        }
        fs::rename(&new, &now)?;
        fs::File::open(&self.folder)?.sync_all()?;
        remove(&before)
    }

    /// Removes the oldest revisions.
    pub fn tidy_up(&self) -> io::Result<()> {
        let folder = self.folder.join("revisions");
        let mut numbers: Vec<i32> = fs::read_dir(&folder)?
            .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
            .collect();
        numbers.sort_unstable();
        let surplus = numbers.len().saturating_sub(KEPT_REVISIONS);
        for number in &numbers[..surplus] {
            fs::remove_dir_all(folder.join(number.to_string()))?;
        }
        Ok(())
    }

    /// Removes everything except the project's files, which are the user's data.
    pub fn forget(&self) -> io::Result<()> {
        for name in ["stack.json", "revisions", "last-good", "last-good.new", "last-good.old"] {
            remove(&self.folder.join(name))?;
        }
        // Removes these folders only if they are empty.
        let _ = fs::remove_dir(self.project());
        let _ = fs::remove_dir(&self.folder);
        Ok(())
    }
}

fn remove(path: &Path) -> io::Result<()> {
    let gone = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    match gone {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn read_record(folder: &Path) -> Option<Record> {
    let text = files::read(&folder.join("stack.json")).ok()??;
    serde_json::from_str(&text)
        .inspect_err(|error| tracing::error!("{}/stack.json cannot be understood: {error}", folder.display()))
        .ok()
}

/// All stacks of this host, by name.
pub fn all(folder: &Folder) -> Vec<Record> {
    let Ok(entries) = fs::read_dir(folder.stacks()) else { return Vec::new() };
    let mut records: Vec<Record> = entries.filter_map(|entry| read_record(&entry.ok()?.path())).collect();
    records.sort_by(|a, b| a.stack.cmp(&b.stack));
    records
}

pub fn of_deployment(folder: &Folder, deployment_hash: &str) -> Option<Record> {
    all(folder).into_iter().find(|record| record.deployment_hash == deployment_hash)
}
