//! Graceful shutdown in two stages.
//!
//! Stage one begins with the first SIGTERM or Ctrl-C: no new connections are accepted, and open requests are finished. It ends
//! when they are, at its deadline, or with a second signal. Stage two closes what is left, the database last.

use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// The deadline of stage one. Both stages together stay well within the ten seconds that supervisors allow.
pub const REQUESTS_MAY_TAKE: Duration = Duration::from_millis(3_500);
/// Time for jobs to write what is still in memory.
pub const JOBS_MAY_TAKE: Duration = Duration::from_secs(1);
pub const CONNECTIONS_MAY_TAKE: Duration = Duration::from_secs(1);

/// The two stages. Cancelling a token begins its stage.
#[derive(Clone, Debug, Default)]
pub struct Shutdown {
    pub stop: CancellationToken,
    pub hurry: CancellationToken,
}

impl Shutdown {
    /// The first signal to this process cancels `stop`, the second cancels `hurry`.
    pub fn on_signals() -> std::io::Result<Self> {
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        let shutdown = Self::default();
        let tokens = shutdown.clone();
        tokio::spawn(async move {
            for token in [tokens.stop, tokens.hurry] {
                tokio::select! {
                    _ = terminate.recv() => {}
                    _ = interrupt.recv() => {}
                }
                tracing::info!("stopping");
                token.cancel();
            }
        });
        Ok(shutdown)
    }
}

#[cfg(test)]
mod tests {
    use stacker::embedded_postgres::STOPPING_MAY_TAKE;

    use super::*;

    #[test]
    fn however_badly_everything_ends_it_ends_within_what_supervisors_allow() {
        let longest = REQUESTS_MAY_TAKE + JOBS_MAY_TAKE + CONNECTIONS_MAY_TAKE + STOPPING_MAY_TAKE;
        assert!(longest <= Duration::from_millis(9_500), "{longest:?}");
    }
}
