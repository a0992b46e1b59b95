//! One revision of a stack, in its folder: the compose file as received, the effective file, and what compose needs besides.

use std::{collections::BTreeMap, io, path::PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::agent::files;

/// A file that a command contains for the folder of the stack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StagedFile {
    /// The path, relative to the folder of the stack.
    pub path: String,
    pub content: String,
    pub mode: u32,
}

/// One revision in its folder.
#[derive(Clone, Debug)]
pub struct RevisionFiles {
    folder: PathBuf,
}

/// What compose and the agent need in addition to the file.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Extras {
    #[serde(default)]
    pub passed: BTreeMap<String, String>,
    #[serde(default)]
    pub profiles: String,
    /// The hash of each active service's definition.
    #[serde(default)]
    pub fingerprints: BTreeMap<String, String>,
    /// The number of containers of each active service; one by default.
    #[serde(default)]
    pub replicas: BTreeMap<String, u32>,
    /// The effective document, without our labels.
    #[serde(default)]
    pub document: Value,
}

impl Extras {
    /// The number of containers of each active service.
    pub fn expected(&self) -> BTreeMap<String, u32> {
        let count = |service: &String| self.replicas.get(service).copied().unwrap_or(1);
        self.fingerprints.keys().map(|service| (service.clone(), count(service))).collect()
    }
}

impl RevisionFiles {
    pub fn at(folder: PathBuf) -> Self {
        Self { folder }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub fn effective(&self) -> PathBuf {
        self.path("effective.json")
    }

    /// `compose`: the file as received. `effective`: the file for compose.
    pub fn write(
        &self,
        compose: &str,
        effective: &str,
        extras: &Extras,
        staged: &[StagedFile],
    ) -> io::Result<()> {
        files::private_folder(&self.folder)?;
        files::write(&self.path("compose.yml"), compose.as_bytes())?;
        files::write(&self.effective(), effective.as_bytes())?;
        files::write(&self.path("files.json"), &serde_json::to_vec(staged)?)?;
        files::write(&self.path("extras.json"), &serde_json::to_vec(extras)?)
    }

    /// The files that the command contained.
    pub fn staged(&self) -> Vec<StagedFile> {
        let text = files::read(&self.path("files.json")).ok().flatten();
        text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
    }

    /// The file that stores what those files replace.
    pub fn displaced(&self) -> PathBuf {
        self.path("displaced.json")
    }

    /// Records that the plan is the one that this command agreed to.
    pub fn agree(&self, command_id: &str) -> io::Result<()> {
        files::write(&self.path("agreed"), command_id.as_bytes())
    }

    pub fn is_agreed(&self, command_id: &str) -> bool {
        files::read(&self.path("agreed")).is_ok_and(|text| text.as_deref() == Some(command_id))
    }

    pub fn compose(&self) -> Option<String> {
        files::read(&self.path("compose.yml")).ok()?
    }

    pub fn extras(&self) -> Option<Extras> {
        serde_json::from_str(&files::read(&self.path("extras.json")).ok()??).ok()
    }
}
