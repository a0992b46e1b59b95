//! `stacker agent run`: starts the tasks and waits for a signal to stop.

use std::{path::PathBuf, sync::Arc, time::Duration};

use tokio::signal::unix::{SignalKind, signal};

use super::{dispatch, folder::Folder, policy_file, poll, running::Agent, state};

/// When the agent stops, running commands get this long to record their progress.
const GRACE: Duration = Duration::from_secs(10);

pub async fn run(folder: Folder, policy: PathBuf) -> anyhow::Result<()> {
    let _lock = folder.lock()?;
    let agent = Arc::new(Agent::new(folder, policy)?);
    let credentials = agent.api.credentials();
    tracing::info!("this host belongs to {} as {}", credentials.url, credentials.channel);
    if let Err(failure) = policy_file::read(&agent.policy) {
        tracing::error!("{failure}");
    }
    if let Err(failure) = agent.engine.get().await {
        tracing::warn!("{failure}");
    }
    dispatch::resume(&agent)?;
    agent.tasks.spawn(poll::run(agent.clone()));
    agent.tasks.spawn(state::run(agent.clone()));
    agent.tasks.spawn(state::listen(agent.clone()));
    agent.tasks.close();
    stopped().await?;
    tracing::info!("stopping; unfinished work continues at the next start");
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
