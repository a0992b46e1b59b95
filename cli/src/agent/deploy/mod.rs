//! `deploy_stack`: turns a compose file into healthy services, or returns to the last revision that was healthy.
//!
//! | step | file | changes the host | when it fails |
//! |---|---|---|---|
//! | plan | `plan` | no | refused: invalid file, forbidden by the policy, not the plan that was agreed to, a port is taken |
//! | pull | `write`, `pull` | files of the revision, images | refused: the folder is not writable, an image cannot be pulled |
//! | up | `up` | yes | return |
//! | wait | `wait`, `gate` | no | return |
//! | keep | `keep` | no | deployed, with a remark: the revision cannot be stored as the one to return to |
//! | return | `go_back` | yes | unhealthy: the last good revision does not come up either |
//!
//! From `up` on, the record states what is being done, so that an agent that was killed can continue (`resume`). A failure
//! then leads to a return, never to a refusal. The end is written to the record too: the agent may be killed before the
//! journal has it. Nothing here calls the server, because the server may be unreachable.

mod deployment;
mod end;
mod gate;
mod go_back;
mod host;
mod host_folders;
mod keep;
pub mod plan;
mod pull;
mod real_path;
pub mod render;
mod resume;
pub mod staged;
mod up;
mod variables;
mod wait;
mod write;

use domain::deploy::DeployStack;

pub use deployment::Additions;

use super::{
    failure::Failure,
    outcome::CommandOutcome,
    stacks::record::{Applying, Record},
    work::Work,
};
use deployment::Deployment;
use end::DeployEnd;

pub async fn run(work: &Work, request: DeployStack, additions: Additions) -> CommandOutcome {
    let revision = request.revision;
    let deployment = Deployment::new(work, request, additions);
    let (outcome, message) = start_or_resume(&deployment).await.into_outcome(revision);
    work.progress.say("done", &message);
    outcome
}

async fn start_or_resume(deployment: &Deployment<'_>) -> DeployEnd {
    let command = &deployment.work.command;
    let record = deployment.folder.record_for(&command.deployment_hash);
    if record.deployment_hash != command.deployment_hash {
        let message =
            format!("a stack named `{}` on this host belongs to another deployment", deployment.stack());
        return DeployEnd::refused(&record, Failure::new("stack-taken", message), None);
    }
    if let Some(ended) = record.ended.clone().filter(|ended| ended.command_id == command.command_id) {
        return resume::recorded_end(deployment, ended).await;
    }
    let applying = record.applying.clone();
    match applying.filter(|one| deployment.work.resumed && one.command_id == command.command_id) {
        Some(applying) => resume::resume(deployment, record, applying).await,
        None => start(deployment, record).await,
    }
}

/// The steps of the table, in order.
async fn start(deployment: &Deployment<'_>, mut record: Record) -> DeployEnd {
    let (ready, host) = match plan::for_deployment(deployment).await {
        Ok(planned) => planned,
        Err(failure) => return DeployEnd::refused(&record, failure, None),
    };
    if let Some(failure) = plan::objection(deployment, &ready.plan) {
        return DeployEnd::refused(&record, failure, Some(ready.plan));
    }

    let pulled = async {
        write::revision(deployment, &ready, &host.compose)?;
        deployment.files().agree(deployment.command_id())?;
        pull::images(deployment, &host, &ready).await
    };
    if let Err(failure) = pulled.await {
        let failure = Failure { message: format!("{}; nothing was changed", failure.message), ..failure };
        return DeployEnd::refused(&record, failure, None);
    }

    if let Err(error) = note_start(deployment, &mut record) {
        return DeployEnd::refused(&record, error.into(), None);
    }
    match up::up_and_wait(deployment, &host, &ready).await {
        Ok(()) => keep::keep(deployment, &host, record, &ready).await,
        Err(failure) => go_back::go_back(deployment, &host, record, failure).await,
    }
}

/// From here on the host changes. The record states this before the first change.
fn note_start(deployment: &Deployment<'_>, record: &mut Record) -> std::io::Result<()> {
    record.applying = Some(Applying {
        command_id: deployment.command_id().to_owned(),
        revision: deployment.request.revision,
        returning: None,
    });
    staged::remember(&deployment.folder.project(), &deployment.files())?;
    deployment.folder.store(record)
}
