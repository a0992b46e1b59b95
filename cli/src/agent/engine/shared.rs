//! The connection to the engine that all tasks of the agent share. It is opened when it is first needed, and again after the
//! engine was unavailable.

use tokio::sync::RwLock;

use super::Engine;
use crate::agent::failure::Failure;

#[derive(Default)]
pub struct SharedEngine {
    /// `None`: not connected yet, or no longer connected.
    connected: RwLock<Option<Engine>>,
}

impl SharedEngine {
    pub async fn get(&self) -> Result<Engine, Failure> {
        if let Some(engine) = self.connected.read().await.clone() {
            return Ok(engine);
        }
        let mut connected = self.connected.write().await;
        if let Some(engine) = connected.clone() {
            return Ok(engine);
        }
        let engine = Engine::connect().await.ok_or_else(|| {
            Failure::new("no-engine", "neither Docker nor Podman answers on this host; is it running, and may the agent use its socket?")
        })?;
        tracing::info!("found {} at {}", engine.name, engine.socket.display());
        *connected = Some(engine.clone());
        Ok(engine)
    }

    /// The engine, if it answers now. If it does not, the next call tries to connect again.
    pub async fn answering(&self) -> Result<Engine, Failure> {
        let engine = self.get().await?;
        if engine.answers().await {
            return Ok(engine);
        }
        tracing::warn!("{} no longer answers", engine.name);
        *self.connected.write().await = None;
        Err(Failure::new("no-engine", format!("{} does not answer", engine.name)))
    }
}
