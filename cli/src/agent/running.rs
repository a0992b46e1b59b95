//! `stacker agent run`: puts the parts together and waits for the end.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, atomic::AtomicU32},
    time::Duration,
};

use anyhow::Context;
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::{Notify, RwLock},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    api::Api, dispatch::AtWork, engine::Engine, folder::Folder, journal::Journal, outcome::Problem, poll,
    state,
};

/// What is at work may take so long to note where it is.
const GRACE: Duration = Duration::from_secs(10);

/// What all tasks share.
pub struct Agent {
    pub api: Api,
    pub folder: Folder,
    pub journal: Journal,
    pub policy: PathBuf,
    /// Connected when it is first needed, and again when it has gone.
    pub engine: RwLock<Option<Engine>>,
    pub at_work: Mutex<AtWork>,
    /// Something on the host may have changed.
    pub look: Notify,
    /// The agent is stopping. Commands are not: they note where they are, and go on at the next start.
    pub stopping: CancellationToken,
    pub tasks: TaskTracker,
    /// How many reports were delivered.
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
            engine: RwLock::default(),
            at_work: Mutex::default(),
            look: Notify::new(),
            stopping: CancellationToken::new(),
            tasks: TaskTracker::new(),
            reports: AtomicU32::new(0),
        })
    }

    pub async fn engine(&self) -> Result<Engine, Problem> {
        if let Some(engine) = self.engine.read().await.clone() {
            return Ok(engine);
        }
        let mut slot = self.engine.write().await;
        if let Some(engine) = slot.clone() {
            return Ok(engine);
        }
        let engine = Engine::find().await.ok_or_else(|| {
            Problem::new("no-engine", "neither Docker nor Podman answers on this host; is it running, and may the agent use its socket?")
        })?;
        tracing::info!("found {} at {}", engine.name, engine.socket.display());
        *slot = Some(engine.clone());
        Ok(engine)
    }

    pub fn at_work(&self) -> std::sync::MutexGuard<'_, AtWork> {
        self.at_work.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

pub async fn run(folder: Folder, policy: PathBuf) -> anyhow::Result<()> {
    let _lock = folder.lock()?;
    let agent = Arc::new(Agent::new(folder, policy)?);
    let credentials = agent.api.credentials();
    tracing::info!("this host belongs to {} as {}", credentials.url, credentials.channel);
    if let Err(problem) = super::stacks::prepare::policy(&agent.policy) {
        tracing::error!("{problem}");
    }
    if let Err(problem) = agent.engine().await {
        tracing::warn!("{problem}");
    }
    super::dispatch::resume(&agent)?;
    agent.tasks.spawn(poll::run(agent.clone()));
    agent.tasks.spawn(state::run(agent.clone()));
    agent.tasks.spawn(state::listen(agent.clone()));
    agent.tasks.close();
    stopped().await?;
    tracing::info!("stopping; what is at work goes on at the next start");
    agent.stopping.cancel();
    let _ = tokio::time::timeout(GRACE, agent.tasks.wait()).await;
    Ok(())
}

async fn stopped() -> anyhow::Result<()> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}
