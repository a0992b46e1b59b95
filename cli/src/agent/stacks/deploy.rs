//! `deploy_stack`: from a text to services that are well, or back to the revision that was.
//!
//! | step | changes the host | what can go wrong |
//! |---|---|---|
//! | validate | no | refused: not a file that can run, forbidden by the policy |
//! | plan | no | refused: another plan than the one agreed to, a port is taken |
//! | pull | images only | refused: an image cannot be fetched |
//! | up | yes | return |
//! | wait | yes | return |
//! | return | yes | the last good revision does not come up either |
//!
//! From `up` on the record says what is being done, so that an agent that was killed goes on with it. Nothing here asks
//! the server anything: it may have vanished.

use std::{path::PathBuf, time::Duration};

use bollard::auth::DockerCredentials;
use domain::{
    deploy::{
        DeployOutcome, DeployResult, DeployStack, Desired, Effective, Plan, PlanResult, Refused, StackName,
        compute,
    },
    policy::{Policy, Surroundings, check},
    stack::Stack,
};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use super::{
    gate::{Gate, Verdict},
    prepare,
    real_path::real_path,
    record::{Applying, Extras, Record, RevisionFiles, StackFolder},
    render,
};
use crate::agent::{
    commands::Work,
    engine::{
        Engine,
        compose::{self, Compose, Project},
        containers::service_states,
        podman_health::{self, Checks},
    },
    outcome::{Outcome, Problem},
};

/// Between two looks at the containers.
const LOOK_EVERY: Duration = Duration::from_millis(700);
/// Making containers takes so long on a busy host; only from then on the time to become healthy runs.
const UP_TAKES: Duration = Duration::from_secs(120);
/// The server may not ask for longer than this.
const LONGEST_WAIT_SECS: u32 = 3600;

/// A file that may be deployed here, with the plan for it.
pub struct Ready {
    pub effective: Effective,
    pub extras: Extras,
    pub policy: Policy,
    pub plan: PlanResult,
}

pub async fn run(work: &Work, request: DeployStack, credentials: Option<DockerCredentials>) -> Outcome {
    let healthy = format!("revision {} is up and healthy", request.revision);
    let deployment = Deployment { work, request, credentials };
    let ended = deployment.run().await;
    let code = ended.code();
    let DeployEnd { outcome, problem, services, plan, running_revision } = ended;
    let problem = problem.unwrap_or_else(|| Problem::new(code, healthy));
    let message = problem.message.clone();
    work.progress.say("done", &message);
    let result = DeployResult { outcome, running_revision, services, plan, message };
    let failed = outcome != DeployOutcome::Deployed;
    Outcome { result: serde_json::to_value(result).ok(), problem: failed.then_some(problem) }
}

struct Deployment<'a> {
    work: &'a Work,
    request: DeployStack,
    credentials: Option<DockerCredentials>,
}

struct DeployEnd {
    outcome: DeployOutcome,
    problem: Option<Problem>,
    services: Vec<domain::deploy::ServiceState>,
    plan: Option<PlanResult>,
    running_revision: Option<i32>,
}

impl DeployEnd {
    fn code(&self) -> &'static str {
        match self.outcome {
            DeployOutcome::Deployed => "deployed",
            DeployOutcome::ReturnedToLastGood => "returned-to-last-good",
            DeployOutcome::Unhealthy => "unhealthy",
            DeployOutcome::Refused => "refused",
            DeployOutcome::Cancelled => "cancelled",
        }
    }
}

/// Plans a text; the first part of a deployment, and all of `plan_stack`.
pub async fn plan(
    work: &Work,
    stack: &StackName,
    compose_text: &str,
    variables: &std::collections::BTreeMap<String, String>,
) -> Result<(Ready, Engine, Compose), Problem> {
    let folder = StackFolder::new(&work.agent.folder, stack);
    let project = folder.project();
    let project_text = project.to_string_lossy().into_owned();
    let effective = Effective::of(&Stack::read(compose_text), variables, &project_text)
        .map_err(|problems| Problem::new("invalid-file", problems.join("\n")))?;
    let policy = prepare::policy(&work.agent.policy)?;
    let engine = work.agent.engine().await?;
    let compose = Compose::find().await?;
    let refused = refusals(work, &policy, &effective, &engine, &project_text);
    let fingerprints = render::fingerprints(&effective);
    let previous = folder.last_good().extras().map(|extras| extras.document);
    let inventory = engine.inventory(stack.as_str(), &effective, previous).await?;
    let plan =
        compute(&Desired { stack, effective: &effective, fingerprints: &fingerprints }, &inventory, refused);
    let plan = hashed(plan)?;
    let extras = Extras {
        passed: effective.passed_variables().clone(),
        profiles: prepare::variables_for_profiles(variables),
        fingerprints,
        document: effective.document().clone(),
    };
    Ok((Ready { effective, extras, policy, plan }, engine, compose))
}

fn refusals(
    work: &Work,
    policy: &Policy,
    effective: &Effective,
    engine: &Engine,
    project: &str,
) -> Vec<Refused> {
    let root = work.agent.folder.root().to_string_lossy();
    let sockets = [engine.socket.to_string_lossy().into_owned()];
    check(
        policy,
        effective,
        &Surroundings { project, agent: &root, sockets: &sockets, real_path: &real_path },
    )
}

fn hashed(plan: Plan) -> Result<PlanResult, Problem> {
    let text = plan.canonical_json().map_err(|error| Problem::new("internal", error.to_string()))?;
    Ok(PlanResult { plan_hash: render::sha256(&text), plan })
}

impl Deployment<'_> {
    async fn run(&self) -> DeployEnd {
        let folder = StackFolder::new(&self.work.agent.folder, &self.request.stack);
        let mut record = folder.record_for(&self.work.command.deployment_hash);
        if record.deployment_hash != self.work.command.deployment_hash {
            let message = format!(
                "a stack of the name `{}` on this host belongs to another deployment",
                self.request.stack
            );
            return self.refused(&record, Problem::new("stack-taken", message), None);
        }
        let goes_on = record
            .applying
            .clone()
            .filter(|applying| self.work.resumed && applying.command_id == self.work.command.command_id);
        if goes_on.is_some() {
            for files in [folder.revision(self.request.revision), folder.last_good()] {
                compose::end_orphan(&files.effective()).await;
            }
        }
        self.say("validate", format!("revision {}", self.request.revision));
        let (ready, engine, compose) = match plan(
            self.work,
            &self.request.stack,
            &self.request.compose,
            &self.request.variables,
        )
        .await
        {
            Ok(ready) => ready,
            Err(problem) => return self.refused(&record, problem, None),
        };
        self.say("plan", summary(&ready.plan.plan));
        if let Some(problem) = self.objection(&ready.plan, goes_on.is_some()) {
            return self.refused(&record, problem, Some(ready.plan));
        }
        let host = Host { deployment: self, folder: &folder, engine: &engine, compose: &compose };
        if let Some(Applying { returning: Some(reason), .. }) = goes_on {
            return host.go_back(record, Problem::new("unhealthy", reason)).await;
        }
        if let Err(problem) = host.pull(&ready).await {
            let problem = Problem { message: format!("{}; nothing was changed", problem.message), ..problem };
            let outcome =
                if problem.is_cancelled() { DeployOutcome::Cancelled } else { DeployOutcome::Refused };
            return DeployEnd { outcome, ..self.refused(&record, problem, None) };
        }
        let written = (|| {
            folder.make()?;
            let text = render::render(&ready.effective, &ready.extras.fingerprints, compose.dialect)?;
            folder.revision(self.request.revision).write(&self.request.compose, &text, &ready.extras)?;
            record.applying = Some(Applying {
                command_id: self.work.command.command_id.clone(),
                revision: self.request.revision,
                returning: None,
            });
            folder.store(&record)?;
            Ok(())
        })();
        if let Err(problem) = written {
            return self.refused(&record, problem, None);
        }
        match host.bring_up(&ready).await {
            Ok(()) => host.keep(record).await,
            Err(problem) => host.go_back(record, problem).await,
        }
    }

    /// Why the plan cannot be carried out. Half-way through it the plan is another one, and that is in order.
    fn objection(&self, plan: &PlanResult, goes_on: bool) -> Option<Problem> {
        if let Some(first) = plan.plan.refused.first() {
            let more = plan.plan.refused.len() - 1;
            let more = if more > 0 { format!(" (and {more} more)") } else { String::new() };
            return Some(Problem::new(
                "policy",
                format!("the policy of this host forbids it: {}{more} [{}]", first.message, first.rule),
            ));
        }
        if goes_on {
            return None;
        }
        if self.request.plan_hash.as_ref().is_some_and(|agreed| *agreed != plan.plan_hash) {
            return Some(Problem::new(
                "plan-stale",
                "the host has changed since the plan was made: this is the plan now",
            ));
        }
        let taken = plan.plan.ports.iter().find_map(|port| Some((port, port.taken_by.as_ref()?)))?;
        let (port, owner) = taken;
        Some(Problem::new(
            "port-taken",
            format!(
                "port {}/{} of this host, which `{}` wants, is taken by {owner}",
                port.port, port.protocol, port.service
            ),
        ))
    }

    fn refused(&self, record: &Record, problem: Problem, plan: Option<PlanResult>) -> DeployEnd {
        DeployEnd {
            outcome: if problem.is_cancelled() { DeployOutcome::Cancelled } else { DeployOutcome::Refused },
            problem: Some(problem),
            services: Vec::new(),
            plan,
            running_revision: record.last_good,
        }
    }

    fn say(&self, step: &str, message: impl AsRef<str>) {
        self.work.progress.say(step, message);
    }
}

/// What the second half, the one that changes the host, works with.
struct Host<'a> {
    deployment: &'a Deployment<'a>,
    folder: &'a StackFolder,
    engine: &'a Engine,
    compose: &'a Compose,
}

impl Host<'_> {
    async fn pull(&self, ready: &Ready) -> Result<(), Problem> {
        for image in &ready.plan.plan.pulls {
            self.deployment.say("pull", image);
            let credentials = self.deployment.credentials.clone();
            let cancel = &self.deployment.work.cancel;
            self.engine.pull(image, credentials, cancel, |line| self.deployment.say("pull", line)).await?;
        }
        Ok(())
    }

    async fn bring_up(&self, ready: &Ready) -> Result<(), Problem> {
        let work = self.deployment.work;
        let request = &self.deployment.request;
        self.deployment.say("up", summary(&ready.plan.plan));
        prepare::networks(self.engine, &ready.effective).await?;
        prepare::folders(&ready.effective, &self.folder.project(), &ready.policy)?;
        prepare::env_file(&ready.effective, &self.folder.project(), &request.variables)?;
        let files = self.folder.revision(request.revision);
        let timeout = Duration::from_secs(u64::from(request.health_timeout_secs.clamp(1, LONGEST_WAIT_SECS)));
        let up = async {
            self.up(&files, &ready.extras, "up", &["up", "-d", "--remove-orphans"]).await?;
            let again: Vec<&str> = request
                .recreate
                .iter()
                .map(String::as_str)
                .filter(|service| ready.extras.fingerprints.contains_key(*service))
                .collect();
            if !again.is_empty() {
                let arguments = [&["up", "-d", "--no-deps", "--force-recreate"], again.as_slice()].concat();
                self.up(&files, &ready.extras, "up", &arguments).await?;
            }
            self.deployment.say("wait", "for the services to be well");
            self.wait(&ready.extras, "wait", Instant::now() + timeout, &work.cancel).await
        };
        // Compose itself waits for dependencies to become healthy, for ever if need be.
        match tokio::time::timeout(UP_TAKES + timeout * 2, self.beside_checks(up)).await {
            Ok(done) => done,
            Err(_) => Err(Problem::new("unhealthy", "what others depend on was not well in time".to_owned())),
        }
    }

    async fn up(
        &self,
        files: &RevisionFiles,
        extras: &Extras,
        step: &str,
        arguments: &[&str],
    ) -> Result<(), Problem> {
        self.compose_with(files, extras, step, arguments, &self.deployment.work.cancel).await
    }

    async fn compose_with(
        &self,
        files: &RevisionFiles,
        extras: &Extras,
        step: &str,
        arguments: &[&str],
        cancel: &tokio_util::sync::CancellationToken,
    ) -> Result<(), Problem> {
        let (file, folder): (PathBuf, PathBuf) = (files.effective(), self.folder.project());
        let project = Project {
            name: self.deployment.request.stack.as_str(),
            file: &file,
            folder: &folder,
            variables: &extras.passed,
            profiles: &extras.profiles,
        };
        self.compose
            .run(self.engine, &project, arguments, cancel, |line| self.deployment.say(step, line))
            .await
    }

    /// Runs health checks for Podman where nobody else does.
    async fn beside_checks<T>(&self, work: impl Future<Output = T>) -> T {
        if !podman_health::is_needed(self.engine) {
            return work.await;
        }
        let mut work = std::pin::pin!(work);
        let mut checks = Checks::default();
        loop {
            let check = async {
                sleep(LOOK_EVERY).await;
                if let Ok(containers) = self.engine.containers(self.deployment.request.stack.as_str()).await {
                    checks.run_due(self.engine, &containers).await;
                }
            };
            tokio::select! {
                done = &mut work => return done,
                () = check => {}
            }
        }
    }

    async fn wait(
        &self,
        extras: &Extras,
        step: &str,
        deadline: Instant,
        cancel: &tokio_util::sync::CancellationToken,
    ) -> Result<(), Problem> {
        let stack = self.deployment.request.stack.as_str();
        let mut gate = Gate::new(extras.fingerprints.keys().cloned());
        let mut said = String::new();
        loop {
            let containers = self.engine.containers(stack).await?;
            match gate.look(&containers, Instant::now()) {
                Verdict::Healthy => return Ok(()),
                Verdict::Hopeless(reason) => return Err(Problem::new("unhealthy", reason)),
                Verdict::Waiting(reason) if Instant::now() >= deadline => {
                    return Err(Problem::new("unhealthy", format!("it was not well in time: {reason}")));
                }
                Verdict::Waiting(reason) => {
                    if reason != said {
                        self.deployment.say(step, &reason);
                        said = reason;
                    }
                }
            }
            tokio::select! {
                () = cancel.cancelled() => return Err(Problem::cancelled()),
                () = sleep(LOOK_EVERY) => {}
            }
        }
    }

    async fn keep(&self, mut record: Record) -> DeployEnd {
        let revision = self.deployment.request.revision;
        record.last_good = Some(revision);
        record.applying = None;
        record.stopped.clear();
        let kept = self.folder.keep_as_last_good(revision).and_then(|()| self.folder.store(&record));
        if let Err(error) = kept {
            tracing::error!("the revision runs, and cannot be kept as the last good one: {error}");
        }
        DeployEnd {
            outcome: DeployOutcome::Deployed,
            problem: None,
            services: self.services(&self.folder.last_good()).await,
            plan: None,
            running_revision: Some(revision),
        }
    }

    /// Also for a cancellation: half a deployment helps nobody.
    async fn go_back(&self, mut record: Record, problem: Problem) -> DeployEnd {
        let reason = problem.message.clone();
        let files = self.folder.last_good();
        let (Some(good), Some(extras)) = (record.last_good, files.extras()) else {
            record.applying = None;
            self.store(&record);
            let message = format!("{reason}; there is no earlier revision to return to");
            let outcome =
                if problem.is_cancelled() { DeployOutcome::Cancelled } else { DeployOutcome::Unhealthy };
            let services = self.services(&self.folder.revision(self.deployment.request.revision)).await;
            return DeployEnd {
                outcome,
                problem: Some(Problem { message, ..problem }),
                services,
                plan: None,
                running_revision: None,
            };
        };
        self.deployment.say("return", format!("to revision {good}: {reason}"));
        if let Some(applying) = &mut record.applying {
            applying.returning = Some(reason.clone());
        }
        self.store(&record);
        // A cancellation stops what was asked for, not the way back.
        let never = tokio_util::sync::CancellationToken::new();
        let timeout = Duration::from_secs(u64::from(
            self.deployment.request.health_timeout_secs.clamp(30, LONGEST_WAIT_SECS),
        ));
        // Of the way there something may still be at work.
        compose::end_orphan(&self.folder.revision(self.deployment.request.revision).effective()).await;
        let back = async {
            self.compose_with(&files, &extras, "return", &["up", "-d", "--remove-orphans"], &never).await?;
            self.wait(&extras, "return", Instant::now() + timeout, &never).await
        };
        let back = tokio::time::timeout(UP_TAKES + timeout * 2, self.beside_checks(back)).await;
        let back = back.unwrap_or_else(|_| Err(Problem::new("unhealthy", "it was not well in time")));
        record.applying = None;
        record.stopped.clear();
        let services = self.services(&files).await;
        let (outcome, message, running_revision) = match back {
            Ok(()) if problem.is_cancelled() => {
                (DeployOutcome::Cancelled, format!("{reason}; revision {good} runs again"), Some(good))
            }
            Ok(()) => (
                DeployOutcome::ReturnedToLastGood,
                format!("{reason}; revision {good} runs again"),
                Some(good),
            ),
            Err(second) => (
                DeployOutcome::Unhealthy,
                format!("{reason}; revision {good} did not come up again either: {second}"),
                None,
            ),
        };
        self.store(&record);
        DeployEnd {
            outcome,
            problem: Some(Problem { message, ..problem }),
            services,
            plan: None,
            running_revision,
        }
    }

    fn store(&self, record: &Record) {
        if let Err(error) = self.folder.store(record) {
            tracing::error!("what is known about the stack cannot be kept: {error}");
        }
    }

    async fn services(&self, files: &RevisionFiles) -> Vec<domain::deploy::ServiceState> {
        let names: Vec<String> =
            files.extras().map(|extras| extras.fingerprints.into_keys().collect()).unwrap_or_default();
        let containers =
            self.engine.containers(self.deployment.request.stack.as_str()).await.unwrap_or_default();
        service_states(names.iter().map(String::as_str), &containers)
    }
}

fn summary(plan: &Plan) -> String {
    use domain::deploy::ServiceAction as Action;
    let count = |action| plan.services.iter().filter(|service| service.action == action).count();
    let parts = [
        (count(Action::Create), "to create"),
        (count(Action::Recreate), "to make anew"),
        (count(Action::Unchanged), "unchanged"),
        (count(Action::Remove), "to remove"),
    ];
    let said: Vec<String> =
        parts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
    if said.is_empty() { "no services".to_owned() } else { said.join(", ") }
}

/// Result of `plan_stack`.
pub fn plan_result(plan: &PlanResult) -> Value {
    serde_json::to_value(plan).unwrap_or_else(|_| json!({}))
}
