//! Keep: stores the healthy revision as the one to return to, and writes the end into the record before it is reported.

use std::collections::BTreeMap;

use domain::deploy::{DeployOutcome, Effective};

use super::{deployment::Deployment, end::DeployEnd, host::Host, plan::Ready};
use crate::agent::{engine::Engine, stacks::record::Record};

pub async fn keep(deployment: &Deployment<'_>, host: &Host, mut record: Record, ready: &Ready) -> DeployEnd {
    let revision = deployment.request.revision;
    let folder = &deployment.folder;
    let mut remark = None;
    match folder.keep_as_last_good(revision) {
        Ok(()) => {
            record.last_good = Some(revision);
            record.images = image_ids(&host.engine, &ready.effective).await;
        }
        Err(error) => {
            remark = Some(format!("it cannot be stored as the revision to return to: {error}"));
        }
    }
    record.applying = None;
    record.stopped.clear();
    let mut end = DeployEnd {
        outcome: DeployOutcome::Deployed,
        failure: None,
        services: deployment.service_states(host, &ready.extras).await,
        plan: None,
        running_revision: Some(revision),
        remark,
    };
    record.ended = Some(end.for_the_record(deployment.command_id()));
    if let Err(error) = folder.store(&record) {
        end.remark = Some(format!("its running state cannot be stored: {error}"));
    }
    if let Some(remark) = &end.remark {
        tracing::error!("revision {revision} is running; {remark}");
    }
    if let Err(error) = folder.tidy_up() {
        tracing::warn!("old revisions cannot be removed: {error}");
    }
    end
}

/// The image id behind each image name, because a name without a digest may later refer to another image.
async fn image_ids(engine: &Engine, effective: &Effective) -> BTreeMap<String, String> {
    let mut ids = BTreeMap::new();
    for image in effective.images().into_iter().filter(|image| !image.contains('@')) {
        if let Ok(Some(id)) = engine.image_id(&image).await {
            ids.insert(image, id);
        }
    }
    ids
}
