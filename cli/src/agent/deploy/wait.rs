//! Wait: observes the containers until all services are healthy, one can no longer become healthy, or the time is over.

use std::time::Duration;

use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use super::{
    deployment::Deployment,
    gate::{Gate, Verdict},
    host::Host,
};
use crate::agent::{
    engine::podman_health::{self, Checks},
    failure::Failure,
    stacks::revision::Extras,
};

/// Pause between two observations of the containers.
const LOOK_EVERY: Duration = Duration::from_millis(700);
/// Time for creating the containers on a busy host; the time to become healthy is added to it.
const UP_TAKES: Duration = Duration::from_secs(120);

pub async fn until_healthy(
    deployment: &Deployment<'_>,
    host: &Host,
    extras: &Extras,
    step: &str,
    timeout: Duration,
    cancel: &CancellationToken,
) -> Result<(), Failure> {
    let deadline = Instant::now() + timeout;
    let mut gate = Gate::new(extras.expected());
    let mut said = String::new();
    loop {
        let verdict = match host.engine.containers(deployment.stack()).await {
            Ok(containers) => gate.look(&containers, Instant::now()),
            // The engine may be restarting, so the next observation may succeed.
            Err(failure) => Verdict::Waiting(failure.message),
        };
        match verdict {
            Verdict::Healthy => return Ok(()),
            Verdict::Hopeless(reason) => return Err(Failure::new("unhealthy", reason)),
            Verdict::Waiting(reason) if Instant::now() >= deadline => {
                return Err(Failure::new(
                    "unhealthy",
                    format!("it did not become healthy in time: {reason}"),
                ));
            }
            Verdict::Waiting(reason) => {
                if reason != said {
                    deployment.say(step, &reason);
                    said = reason;
                }
            }
        }
        tokio::select! {
            () = cancel.cancelled() => return Err(Failure::cancelled()),
            () = sleep(LOOK_EVERY) => {}
        }
    }
}

/// Runs `up_and_wait` with one time limit for both steps, and meanwhile runs the health checks that Podman does not run itself.
/// `None`: the time limit was exceeded.
pub async fn within_limit<T>(
    deployment: &Deployment<'_>,
    host: &Host,
    health_timeout: Duration,
    up_and_wait: impl Future<Output = T>,
) -> Option<T> {
    let limit = UP_TAKES + health_timeout * 2;
    tokio::time::timeout(limit, with_health_checks(deployment, host, up_and_wait)).await.ok()
}

async fn with_health_checks<T>(deployment: &Deployment<'_>, host: &Host, work: impl Future<Output = T>) -> T {
    if !podman_health::is_needed(&host.engine) {
        return work.await;
    }
    let mut work = std::pin::pin!(work);
    let mut checks = Checks::default();
    loop {
        let check = async {
            sleep(LOOK_EVERY).await;
            if let Ok(containers) = host.engine.containers(deployment.stack()).await {
                checks.run_due(&host.engine, &containers).await;
            }
        };
        tokio::select! {
            done = &mut work => return done,
            () = check => {}
        }
    }
}
