//! What the agent keeps about a stack, in `stacks/<stack>/`.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use domain::deploy::StackName;
use serde::{Deserialize, Serialize};
use serde_json::Value;

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
    /// The effective document, before anything was added for the engine.
    #[serde(default)]
    pub document: Value,
}

impl RevisionFiles {
    pub fn effective(&self) -> PathBuf {
        self.folder.join("effective.json")
    }

    /// `compose` as it came, `effective` as the engine gets it.
    pub fn write(&self, compose: &str, effective: &str, extras: &Extras) -> io::Result<()> {
        files::private_folder(&self.folder)?;
        files::write(&self.folder.join("compose.yml"), compose.as_bytes())?;
        files::write(&self.effective(), effective.as_bytes())?;
        files::write(&self.folder.join("extras.json"), &serde_json::to_vec(extras)?)
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
        files::private_folder(&self.project())
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
        RevisionFiles { folder: self.folder.join("last-good") }
    }

    /// A copy: revisions are tidied up, and a number may come again with another text.
    pub fn keep_as_last_good(&self, revision: i32) -> io::Result<()> {
        let from = self.revision(revision).folder;
        let to = self.folder.join("last-good");
        files::private_folder(&to)?;
        for name in ["compose.yml", "extras.json", "effective.json"] {
            files::write(&to.join(name), &fs::read(from.join(name))?)?;
        }
        self.tidy_up()
    }

    fn tidy_up(&self) -> io::Result<()> {
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
        for name in ["stack.json", "revisions", "last-good"] {
            let path = self.folder.join(name);
            let gone = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
            match gone {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        // Only when they are empty.
        let _ = fs::remove_dir(self.project());
        let _ = fs::remove_dir(&self.folder);
        Ok(())
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
