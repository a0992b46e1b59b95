//! The tools of the host that the steps work with: the container engine and compose.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::agent::{
    engine::{Engine, compose::Compose},
    failure::Failure,
    work::Work,
};

/// How long to wait for the engine: when the host starts, the engine may start later than the agent.
const ENGINE_STARTS: Duration = Duration::from_secs(180);

pub struct Host {
    pub engine: Engine,
    pub compose: Compose,
}

impl Host {
    pub async fn find(work: &Work) -> Result<Self, Failure> {
        Self::with(work.agent.engine.get().await?).await
    }

    async fn with(engine: Engine) -> Result<Self, Failure> {
        let compose = Compose::find(&engine).await?;
        Ok(Self { engine, compose })
    }

    /// Waits for the engine to answer.
    pub async fn wait_for(work: &Work) -> Result<Self, Failure> {
        let until = Instant::now() + ENGINE_STARTS;
        loop {
            let failure = match work.agent.engine.answering().await {
                Ok(engine) => return Self::with(engine).await,
                Err(failure) => failure,
            };
            if Instant::now() >= until {
                return Err(failure);
            }
            work.progress.say("validate", format!("waiting for the container engine: {failure}"));
            sleep(Duration::from_secs(3)).await;
        }
    }
}
