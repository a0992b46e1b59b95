//! How a deployment that has changed the host ends: its revision is kept, or the one before it brought back. Each end is
//! in the record before it is told to anybody.

use std::{collections::BTreeMap, time::Duration};

use domain::{
    command::code::STEP_RETURN,
    deploy::{DeployOutcome, Effective, ServiceState},
};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use super::{
    deploy::DeployEnd,
    host::{Host, LONGEST_WAIT_SECS, UP_TAKES},
    planning::{Ready, forbidden, refusals},
    prepare,
    record::{Extras, Record, RevisionFiles},
    staged,
};
use crate::agent::{engine::compose, outcome::Problem};

/// So often an engine that does not answer is asked again.
const ENGINE_PAUSES: u32 = 20;

impl Host<'_> {
    pub async fn keep(&self, mut record: Record, ready: &Ready) -> DeployEnd {
        let revision = self.deployment.request.revision;
        let mut remark = None;
        match self.folder.keep_as_last_good(revision) {
            Ok(()) => {
                record.last_good = Some(revision);
                record.images = self.image_ids(&ready.effective).await;
            }
            Err(error) => {
                remark = Some(format!("it cannot be kept as the revision to return to: {error}"));
            }
        }
        record.applying = None;
        record.stopped.clear();
        let mut end = DeployEnd {
            outcome: DeployOutcome::Deployed,
            problem: None,
            services: self.states(&ready.extras).await,
            plan: None,
            running_revision: Some(revision),
            remark,
        };
        record.ended = Some(end.for_the_record(self.deployment.command_id()));
        if let Err(error) = self.folder.store(&record) {
            end.remark = Some(format!("it cannot be kept that it runs: {error}"));
        }
        if let Some(remark) = &end.remark {
            tracing::error!("revision {revision} runs; {remark}");
        }
        if let Err(error) = self.folder.tidy_up() {
            tracing::warn!("old revisions cannot be removed: {error}");
        }
        end
    }

    /// Also for a cancellation: half a deployment helps nobody.
    pub async fn go_back(&self, mut record: Record, problem: Problem) -> DeployEnd {
        let reason = problem.message.clone();
        let failed = self.folder.revision(self.deployment.request.revision);
        let files = self.folder.last_good();
        let (Some(good), Some(extras)) = (record.last_good, files.extras()) else {
            let outcome =
                if problem.is_cancelled() { DeployOutcome::Cancelled } else { DeployOutcome::Unhealthy };
            let message = format!("{reason}; there is no earlier revision to return to");
            let services = self.states(&failed.extras().unwrap_or_default()).await;
            return self.ended(record, outcome, Problem { message, ..problem }, services, None);
        };
        self.deployment.say(STEP_RETURN, format!("to revision {good}: {reason}"));
        if let Some(applying) = &mut record.applying {
            applying.returning = Some(reason.clone());
        }
        self.store(&record);
        // Of the way there something may still be at work.
        compose::end_orphan(&failed.effective()).await;
        if let Err(refused) = self.may_return(&extras).await {
            let message = format!(
                "{reason}; revision {good} was not brought back, nothing was started: {}",
                refused.message
            );
            let services = self.states(&extras).await;
            let problem = Problem::new(refused.code, message);
            return self.ended(record, DeployOutcome::Unhealthy, problem, services, None);
        }
        if let Err(error) = staged::put_back(&self.folder.project(), &failed) {
            self.deployment.say(STEP_RETURN, format!("files of before cannot be put back: {error}"));
        }
        let back = self.bring_back(&files, &extras, &record.images).await;
        record.stopped.clear();
        let services = self.states(&extras).await;
        let (outcome, message, running_revision) = match back {
            Ok(()) => {
                let outcome = if problem.is_cancelled() {
                    DeployOutcome::Cancelled
                } else {
                    DeployOutcome::ReturnedToLastGood
                };
                (outcome, format!("{reason}; revision {good} runs again"), Some(good))
            }
            Err(second) => (
                DeployOutcome::Unhealthy,
                format!("{reason}; revision {good} did not come up again either: {second}"),
                None,
            ),
        };
        self.ended(record, outcome, Problem { message, ..problem }, services, running_revision)
    }

    async fn bring_back(
        &self,
        files: &RevisionFiles,
        extras: &Extras,
        images: &BTreeMap<String, String>,
    ) -> Result<(), Problem> {
        // A cancellation stops what was asked for, not the way back.
        let never = CancellationToken::new();
        let timeout = Duration::from_secs(u64::from(
            self.deployment.request.health_timeout_secs.clamp(30, LONGEST_WAIT_SECS),
        ));
        for (image, id) in images {
            if let Err(problem) = self.engine.name_again(image, id).await {
                self.deployment.say(STEP_RETURN, format!("`{image}` of before cannot be had: {problem}"));
            }
        }
        let back = async {
            self.run(files, extras, STEP_RETURN, &["up", "-d", "--remove-orphans"], &never).await?;
            self.wait(extras, STEP_RETURN, Instant::now() + timeout, &never).await
        };
        let back = tokio::time::timeout(UP_TAKES + timeout * 2, self.beside_checks(back)).await;
        back.unwrap_or_else(|_| Err(Problem::new("unhealthy", "it was not well in time")))
    }

    /// The policy may have become stricter since that revision came up.
    async fn may_return(&self, extras: &Extras) -> Result<(), Problem> {
        let work = self.deployment.work;
        let policy = prepare::policy(&work.agent.policy)?;
        let effective = Effective::again(extras.document.clone(), &extras.profiles)
            .map_err(|error| Problem::new("internal", error.to_string()))?;
        let stack = &self.deployment.request.stack;
        let mut patience = ENGINE_PAUSES;
        let refused = loop {
            match refusals(work, &policy, &effective, self.engine, stack).await {
                // The engine was asked about volumes, and may be just starting again.
                Err(_) if patience > 0 => {
                    patience -= 1;
                    sleep(Duration::from_secs(3)).await;
                }
                refused => break refused?,
            }
        };
        forbidden(&refused).map_or(Ok(()), Err)
    }

    fn ended(
        &self,
        mut record: Record,
        outcome: DeployOutcome,
        problem: Problem,
        services: Vec<ServiceState>,
        running_revision: Option<i32>,
    ) -> DeployEnd {
        let end = DeployEnd {
            outcome,
            problem: Some(problem),
            services,
            plan: None,
            running_revision,
            remark: None,
        };
        record.applying = None;
        record.ended = Some(end.for_the_record(self.deployment.command_id()));
        self.store(&record);
        end
    }

    fn store(&self, record: &Record) {
        if let Err(error) = self.folder.store(record) {
            tracing::error!("what is known about the stack cannot be kept: {error}");
        }
    }

    async fn states(&self, extras: &Extras) -> Vec<ServiceState> {
        self.engine.states(self.deployment.request.stack.as_str(), &extras.expected()).await
    }

    /// Behind each name, the image that is well: a name without a digest may be given to another one.
    async fn image_ids(&self, effective: &Effective) -> BTreeMap<String, String> {
        let mut ids = BTreeMap::new();
        for image in effective.images().into_iter().filter(|image| !image.contains('@')) {
            if let Ok(Some(id)) = self.engine.image_id(&image).await {
                ids.insert(image, id);
            }
        }
        ids
    }
}
