//! What the agent knows about one stack: the file `stack.json`.

use std::collections::BTreeMap;

use domain::deploy::{DeployOutcome, StackName};
use serde::{Deserialize, Serialize};

/// The content of `stack.json`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Record {
    pub stack: StackName,
    pub deployment_hash: String,
    /// The revision in `last-good/`.
    #[serde(default)]
    pub last_good: Option<i32>,
    /// The deployment in progress.
    #[serde(default)]
    pub applying: Option<Applying>,
    /// Services that a command has stopped, which is not drift.
    #[serde(default)]
    pub stopped: Vec<String>,
    /// How the last deployment ended. The journal may not contain it yet.
    #[serde(default)]
    pub ended: Option<Ended>,
    /// Image ids of the last good revision, by image name.
    #[serde(default)]
    pub images: BTreeMap<String, String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    pub command_id: String,
    pub outcome: DeployOutcome,
    #[serde(default)]
    pub running_revision: Option<i32>,
    /// Code and message of the failure. The field is called `problem` in the file.
    #[serde(default, rename = "problem")]
    pub failure: Option<(String, String)>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applying {
    pub command_id: String,
    pub revision: i32,
    /// The reason for the return, set while the last good revision is being brought back.
    #[serde(default)]
    pub returning: Option<String>,
}
