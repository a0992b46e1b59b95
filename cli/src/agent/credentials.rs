//! The agent's credentials for its server: one file with mode 0600, always replaced as a whole.

use std::{fmt, path::PathBuf};

use anyhow::Context;
use serde::{Deserialize, Serialize};

use super::{files, folder::Folder};

#[derive(Clone, Serialize, Deserialize)]
pub struct Credentials {
    pub url: String,
    pub agent_id: String,
    pub agent_token: String,
    /// The previous token, stored until the server has accepted the new one, because a rotation may fail half-way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous_token: Option<String>,
    /// The channel that the agent polls.
    pub channel: String,
    /// Certificate authorities in addition to those of the system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca: Option<PathBuf>,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Credentials")
            .field("url", &self.url)
            .field("agent_id", &self.agent_id)
            .field("channel", &self.channel)
            .finish_non_exhaustive()
    }
}

impl Credentials {
    pub fn load(folder: &Folder) -> anyhow::Result<Self> {
        let path = folder.credentials();
        let text = files::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let text = text.with_context(|| {
            format!("this host has not joined a server yet: there is no {}; run `stacker agent join URL --code CODE`", path.display())
        })?;
        serde_json::from_str(&text).with_context(|| format!("{} cannot be understood", path.display()))
    }

    pub fn store(&self, folder: &Folder) -> anyhow::Result<()> {
        let path = folder.credentials();
        files::write(&path, &serde_json::to_vec_pretty(self)?)
            .with_context(|| format!("cannot write {}", path.display()))
    }

    /// The credentials with a new token; the current token becomes the previous one.
    #[must_use]
    pub fn with_token(&self, token: &str) -> Self {
        Self { agent_token: token.to_owned(), previous_token: Some(self.agent_token.clone()), ..self.clone() }
    }
}
