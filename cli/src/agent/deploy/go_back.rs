//! Return: brings the last good revision back after `up` or `wait` failed. Each end is written to the record before it is
//! reported.

use std::{collections::BTreeMap, time::Duration};

use domain::{
    command::code::STEP_RETURN,
    deploy::{DeployOutcome, Effective, ServiceState},
};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::{
    deployment::{ComposeCall, Deployment},
    end::DeployEnd,
    host::Host,
    plan::{forbidden, refusals},
    staged, wait,
};
use crate::agent::{
    engine::compose,
    failure::Failure,
    policy_file,
    stacks::{
        record::Record,
        revision::{Extras, RevisionFiles},
    },
};

/// How many more times to ask an engine that does not answer.
const ENGINE_PAUSES: u32 = 20;

/// Brings the last good revision back, also after a cancellation, because a half-done deployment is of no use.
pub async fn go_back(
    deployment: &Deployment<'_>,
    host: &Host,
    mut record: Record,
    failure: Failure,
) -> DeployEnd {
    let reason = failure.message.clone();
    let failed = deployment.files();
    let files = deployment.folder.last_good();
    let (Some(good), Some(extras)) = (record.last_good, files.extras()) else {
        let outcome =
            if failure.is_cancelled() { DeployOutcome::Cancelled } else { DeployOutcome::Unhealthy };
        let message = format!("{reason}; there is no earlier revision to return to");
        let services = deployment.service_states(host, &failed.extras().unwrap_or_default()).await;
        return ended(deployment, record, outcome, Failure { message, ..failure }, services, None);
    };
    deployment.say(STEP_RETURN, format!("to revision {good}: {reason}"));
    if let Some(applying) = &mut record.applying {
        applying.returning = Some(reason.clone());
    }
    deployment.store(&record);
    // A compose that was started for the failed revision may still be running.
    compose::end_orphan(&failed.effective()).await;
    if let Err(refused) = may_return(deployment, host, &extras).await {
        let message = format!(
            "{reason}; revision {good} was not restored and nothing was started: {}",
            refused.message
        );
        let services = deployment.service_states(host, &extras).await;
        let failure = Failure::new(refused.code, message);
        return ended(deployment, record, DeployOutcome::Unhealthy, failure, services, None);
    }
    if let Err(error) = staged::put_back(&deployment.folder.project(), &failed) {
        deployment.say(STEP_RETURN, format!("earlier files cannot be restored: {error}"));
    }
    let back = bring_back(deployment, host, &files, &extras, &record.images).await;
    record.stopped.clear();
    let services = deployment.service_states(host, &extras).await;
    let (outcome, message, running_revision) = match back {
        Ok(()) => {
            let outcome = if failure.is_cancelled() {
                DeployOutcome::Cancelled
            } else {
                DeployOutcome::ReturnedToLastGood
            };
            (outcome, format!("{reason}; revision {good} is running again"), Some(good))
        }
        Err(second) => (
            DeployOutcome::Unhealthy,
            format!("{reason}; revision {good} did not start again either: {second}"),
            None,
        ),
    };
    ended(deployment, record, outcome, Failure { message, ..failure }, services, running_revision)
}

async fn bring_back(
    deployment: &Deployment<'_>,
    host: &Host,
    files: &RevisionFiles,
    extras: &Extras,
    images: &BTreeMap<String, String>,
) -> Result<(), Failure> {
    // A cancellation stops the deployment, but not the return.
    let never = CancellationToken::new();
    let timeout = deployment.health_timeout(30);
    for (image, id) in images {
        if let Err(failure) = host.engine.name_again(image, id).await {
            deployment.say(STEP_RETURN, format!("the earlier image `{image}` can't be pulled: {failure}"));
        }
    }
    let call = ComposeCall {
        step: STEP_RETURN,
        files,
        extras,
        arguments: &["up", "-d", "--remove-orphans"],
        cancel: &never,
    };
    let back = async {
        deployment.compose(host, call).await?;
        wait::until_healthy(deployment, host, extras, STEP_RETURN, timeout, &never).await
    };
    let back = wait::within_limit(deployment, host, timeout, back).await;
    back.unwrap_or_else(|| Err(Failure::new("unhealthy", "it did not become healthy in time")))
}

/// Checks the policy again, because it may have become stricter since that revision was deployed.
async fn may_return(deployment: &Deployment<'_>, host: &Host, extras: &Extras) -> Result<(), Failure> {
    let work = deployment.work;
    let policy = policy_file::read(&work.agent.policy)?;
    let effective = Effective::again(extras.document.clone(), &extras.profiles)
        .map_err(|error| Failure::new("internal", error.to_string()))?;
    let mut pauses_left = ENGINE_PAUSES;
    let refused = loop {
        match refusals(work, &policy, &effective, &host.engine, &deployment.request.stack).await {
            // The check asks the engine about volumes, and the engine may be restarting.
            Err(_) if pauses_left > 0 => {
                pauses_left -= 1;
                sleep(Duration::from_secs(3)).await;
            }
            refused => break refused?,
        }
    };
    forbidden(&refused).map_or(Ok(()), Err)
}

fn ended(
    deployment: &Deployment<'_>,
    mut record: Record,
    outcome: DeployOutcome,
    failure: Failure,
    services: Vec<ServiceState>,
    running_revision: Option<i32>,
) -> DeployEnd {
    let end =
        DeployEnd { outcome, failure: Some(failure), services, plan: None, running_revision, remark: None };
    record.applying = None;
    record.ended = Some(end.for_the_record(deployment.command_id()));
    deployment.store(&record);
    end
}
