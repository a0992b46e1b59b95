//! What the agent keeps about a stack, in `stacks/<stack>/`.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use domain::deploy::{DeployOutcome, StackName};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::staged::StagedFile;
use crate::agent::{files, folder::Folder};

/// Old revisions stay for who looks for them, not for ever.
const KEPT_REVISIONS: usize = 10;

/// `stack.json`
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Record {
    pub stack: StackName,
    pub deployment_hash: String,
    /// The revision in `last-good/`.
    #[serde(default)]
    pub last_good: Option<i32>,
    /// What is being done, until its end.
    #[serde(default)]
    pub applying: Option<Applying>,
    /// Services that were stopped by command: they are not adrift.
    #[serde(default)]
    pub stopped: Vec<String>,
    /// What the last command came to. The journal may not have heard of it.
    #[serde(default)]
    pub ended: Option<Ended>,
    /// Of the last good revision: the ids of the images behind their names.
    #[serde(default)]
    pub images: BTreeMap<String, String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    pub command_id: String,
    pub outcome: DeployOutcome,
    #[serde(default)]
    pub running_revision: Option<i32>,
    /// Code and message.
    #[serde(default)]
    pub problem: Option<(String, String)>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applying {
    pub command_id: String,
    pub revision: i32,
    /// It did not become healthy; the last good one is being brought back, for this reason.
    #[serde(default)]
    pub returning: Option<String>,
}

/// One revision in its folder.
#[derive(Clone, Debug)]
pub struct RevisionFiles {
    folder: PathBuf,
}

/// What compose needs beside the file.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Extras {
    #[serde(default)]
    pub passed: BTreeMap<String, String>,
    #[serde(default)]
    pub profiles: String,
    /// Of each service that is brought up, the hash of its definition.
    #[serde(default)]
    pub fingerprints: BTreeMap<String, String>,
    /// How many containers each of them is to have; one where nothing is said.
    #[serde(default)]
    pub replicas: BTreeMap<String, u32>,
    /// The effective document, before anything was added for the engine.
    #[serde(default)]
    pub document: Value,
}

impl Extras {
    /// Of each service that is brought up, how many containers it is to have.
    pub fn expected(&self) -> BTreeMap<String, u32> {
        let count = |service: &String| self.replicas.get(service).copied().unwrap_or(1);
        self.fingerprints.keys().map(|service| (service.clone(), count(service))).collect()
    }
}

impl RevisionFiles {
    #[cfg(test)]
    pub fn at(folder: PathBuf) -> Self {
        Self { folder }
    }

    pub fn effective(&self) -> PathBuf {
        self.folder.join("effective.json")
    }

    /// `compose` as it came, `effective` as the engine gets it.
    pub fn write(
        &self,
        compose: &str,
        effective: &str,
        extras: &Extras,
        staged: &[StagedFile],
    ) -> io::Result<()> {
        files::private_folder(&self.folder)?;
        files::write(&self.folder.join("compose.yml"), compose.as_bytes())?;
        files::write(&self.effective(), effective.as_bytes())?;
        files::write(&self.folder.join("files.json"), &serde_json::to_vec(staged)?)?;
        files::write(&self.folder.join("extras.json"), &serde_json::to_vec(extras)?)
    }

    /// Files that come with the revision.
    pub fn staged(&self) -> Vec<StagedFile> {
        let text = files::read(&self.folder.join("files.json")).ok().flatten();
        text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
    }

    /// What they take the place of.
    pub fn displaced(&self) -> PathBuf {
        self.folder.join("displaced.json")
    }

    /// This command may carry it out: its plan was the one agreed to.
    pub fn agree(&self, command_id: &str) -> io::Result<()> {
        files::write(&self.folder.join("agreed"), command_id.as_bytes())
    }

    pub fn is_agreed(&self, command_id: &str) -> bool {
        files::read(&self.folder.join("agreed")).is_ok_and(|text| text.as_deref() == Some(command_id))
    }

    pub fn compose(&self) -> Option<String> {
        files::read(&self.folder.join("compose.yml")).ok()?
    }

    pub fn extras(&self) -> Option<Extras> {
        serde_json::from_str(&files::read(&self.folder.join("extras.json")).ok()??).ok()
    }
}

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

    /// Where the files of the stack are; containers may write here.
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

    /// What is there, or a new one for this deployment.
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
        RevisionFiles { folder: self.folder.join("revisions").join(number.to_string()) }
    }

    pub fn last_good(&self) -> RevisionFiles {
        let (now, before) = (self.folder.join("last-good"), self.folder.join("last-good.old"));
        // Killed between the two names.
        let folder = if !now.exists() && before.exists() { before } else { now };
        RevisionFiles { folder }
    }

    /// A copy: revisions are tidied up, and a number may come again with another text. As a whole or not at all.
    pub fn keep_as_last_good(&self, revision: i32) -> io::Result<()> {
        let from = self.revision(revision).folder;
        let at = |name: &str| self.folder.join(name);
        let (new, now, before) = (at("last-good.new"), at("last-good"), at("last-good.old"));
        remove(&new)?;
        files::private_folder(&new)?;
        for name in ["compose.yml", "extras.json", "effective.json"] {
            files::write(&new.join(name), &fs::read(from.join(name))?)?;
        }
        if now.exists() {
            remove(&before)?;
            fs::rename(&now, &before)?;
        }
        fs::rename(&new, &now)?;
        fs::File::open(&self.folder)?.sync_all()?;
        remove(&before)
    }

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

    /// Everything but the project's files, which are data.
    pub fn forget(&self) -> io::Result<()> {
        for name in ["stack.json", "revisions", "last-good", "last-good.new", "last-good.old"] {
            remove(&self.folder.join(name))?;
        }
        // Only when they are empty.
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
