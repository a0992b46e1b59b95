//! What all tasks of a running agent share. This file does not know the tasks; `run` starts them.

use std::{
    path::PathBuf,
    sync::{Mutex, atomic::AtomicU32},
};

use anyhow::Context;
use tokio::sync::Notify;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{api::Api, at_work::AtWork, engine::shared::SharedEngine, folder::Folder, journal::Journal};

pub struct Agent {
    pub api: Api,
    pub folder: Folder,
    pub journal: Journal,
    pub policy: PathBuf,
    pub engine: SharedEngine,
    pub at_work: Mutex<AtWork>,
    /// Notified when something on the host may have changed.
    pub look: Notify,
    /// Cancelled when the agent is stopping. This does not cancel commands: they continue at the next start.
    pub stopping: CancellationToken,
    pub tasks: TaskTracker,
    /// The number of reports delivered since the start.
    pub reports: AtomicU32,
}

impl Agent {
    pub fn new(folder: Folder, policy: PathBuf) -> anyhow::Result<Self> {
        let journal = Journal::open(folder.journal()).context("cannot open the journal")?;
        Ok(Self {
            api: Api::new(folder.clone())?,
            folder,
            journal,
            policy,
            engine: SharedEngine::default(),
            at_work: Mutex::default(),
            look: Notify::new(),
            stopping: CancellationToken::new(),
            tasks: TaskTracker::new(),
            reports: AtomicU32::new(0),
        })
    }

    pub fn at_work(&self) -> std::sync::MutexGuard<'_, AtWork> {
        self.at_work.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
