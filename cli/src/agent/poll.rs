//! The long poll: the agent always has exactly one open, also while commands run.

use std::{sync::Arc, time::Duration};

use tokio::time::sleep;

use super::{ambient, api::ApiError, backoff::Backoff, dispatch, running::Agent};

/// While this many commands are running, the agent fetches no others.
const MOST_AT_WORK: usize = 64;

pub async fn run(agent: Arc<Agent>) {
    let mut backoff = Backoff::new(Duration::from_secs(1), Duration::from_secs(60));
    // An agent whose token is refused polls rarely, because only an administrator can fix that.
    let mut refused = Backoff::new(Duration::from_secs(15), Duration::from_secs(300));
    let mut is_connected = false;
    while !agent.stopping.is_cancelled() {
        if agent.at_work().count() >= MOST_AT_WORK {
            pause(&agent, Duration::from_secs(1)).await;
            continue;
        }
        let polled = tokio::select! {
            () = agent.stopping.cancelled() => return,
            polled = agent.api.wait() => polled,
        };
        let wait = match polled {
            Ok(polled) => {
                if !is_connected {
                    tracing::info!("connected, waiting for commands");
                    is_connected = true;
                }
                backoff.reset();
                refused.reset();
                match polled.command {
                    Some(command) => {
                        dispatch::accept(&agent, command).await;
                        Duration::ZERO
                    }
                    None => polled.next_poll,
                }
            }
            Err(error @ ApiError::Unauthorised(_)) => {
                is_connected = false;
                let wait = refused.next(ambient::chance());
                tracing::error!(
                    "{error}: was this host revoked, or its token rotated elsewhere? Join again with a new code; trying on in {} s",
                    wait.as_secs()
                );
                wait
            }
            Err(error) => {
                is_connected = false;
                let wait = backoff.next(ambient::chance());
                tracing::warn!("{error}; trying again in {:.1} s", wait.as_secs_f32());
                wait
            }
        };
        pause(&agent, wait).await;
    }
}

async fn pause(agent: &Agent, wait: Duration) {
    tokio::select! {
        () = agent.stopping.cancelled() => {}
        () = sleep(wait) => {}
    }
}
