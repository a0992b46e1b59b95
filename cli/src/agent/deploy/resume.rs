//! Continues a deployment that was interrupted because the agent was killed or stopped.

use domain::deploy::DeployOutcome;

use super::{
    deployment::Deployment,
    end::DeployEnd,
    go_back::go_back,
    host::Host,
    keep::keep,
    plan::{self, forbidden},
    pull,
    up::up_and_wait,
    write,
};
use crate::agent::{
    engine::compose,
    failure::Failure,
    stacks::record::{Applying, Ended, Record},
};

/// The host may be half changed. Even if something fails now, it must not stay in that state.
pub async fn resume(deployment: &Deployment<'_>, record: Record, applying: Applying) -> DeployEnd {
    let folder = &deployment.folder;
    for files in [folder.revision(applying.revision), folder.last_good()] {
        compose::end_orphan(&files.effective()).await;
    }
    let host = match Host::wait_for(deployment.work).await {
        Ok(host) => host,
        Err(failure) => return without_host(deployment, record, failure),
    };
    if let Some(reason) = applying.returning {
        return go_back(deployment, &host, record, Failure::new("unhealthy", reason)).await;
    }
    let ready = async {
        let (ready, _) = plan::for_deployment(deployment).await?;
        if let Some(failure) = forbidden(&ready.plan.plan.refused) {
            return Err(failure);
        }
        write::revision(deployment, &ready, &host.compose)?;
        pull::images(deployment, &host, &ready).await?;
        up_and_wait(deployment, &host, &ready).await?;
        Ok(ready)
    };
    match ready.await {
        Ok(ready) => keep(deployment, &host, record, &ready).await,
        Err(failure) => go_back(deployment, &host, record, failure).await,
    }
}

/// The end of a deployment that can neither continue nor return.
fn without_host(deployment: &Deployment<'_>, mut record: Record, failure: Failure) -> DeployEnd {
    let message = format!(
        "{}; the agent was interrupted while it started the revision, and it is unknown what is running",
        failure.message
    );
    let end = DeployEnd {
        outcome: DeployOutcome::Unhealthy,
        failure: Some(Failure { message, ..failure }),
        services: Vec::new(),
        plan: None,
        running_revision: None,
        remark: None,
    };
    record.applying = None;
    record.ended = Some(end.for_the_record(deployment.command_id()));
    deployment.store(&record);
    end
}

/// The end of a command that ended before the agent was killed, but is not in the journal yet.
pub async fn recorded_end(deployment: &Deployment<'_>, ended: Ended) -> DeployEnd {
    let extras = deployment.folder.last_good().extras().unwrap_or_default();
    let services = match deployment.work.agent.engine.get().await {
        Ok(engine) => engine.states(deployment.stack(), &extras.expected()).await,
        Err(_) => Vec::new(),
    };
    DeployEnd {
        outcome: ended.outcome,
        failure: ended.failure.map(|(code, message)| Failure::new(code, message)),
        services,
        plan: None,
        running_revision: ended.running_revision,
        remark: None,
    }
}
