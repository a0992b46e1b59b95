//! What the agent knows about one stack: the file `stack.json`.

use std::collections::BTreeMap;

use domain::deploy::{DeployOutcome, StackName};
use serde::{Deserialize, Serialize};

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
    /// Code and message. In the file it is called `problem`.
    #[serde(default, rename = "problem")]
    pub failure: Option<(String, String)>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applying {
    pub command_id: String,
    pub revision: i32,
    /// It did not become healthy; the last good one is being brought back, for this reason.
    #[serde(default)]
    pub returning: Option<String>,
}
