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
//! From `up` on the record says what is being done, so that an agent that was killed goes on with it, and what goes wrong
//! then is a return, never a refusal. The end stands in the record too: nobody knows when the journal has it. Nothing here
//! asks the server anything: it may have vanished.

use std::time::Duration;

use bollard::auth::DockerCredentials;
use domain::{
    command::code::PLAN_STALE,
    deploy::{DeployOutcome, DeployResult, DeployStack, Plan, PlanResult, Pull, ServiceState},
};
use tokio::time::{Instant, sleep};

use super::{
    host::Host,
    planning::{Ready, Wanted, forbidden, plan},
    record::{Applying, Ended, Record, StackFolder},
    render,
    staged::{self, StagedFile},
    variables,
};
use crate::agent::{
    commands::Work,
    engine::{
        Engine,
        compose::{self, Compose},
    },
    outcome::{Outcome, Problem},
};

/// After a start of the host the engine may come later than the agent.
const ENGINE_COMES: Duration = Duration::from_secs(180);

/// What a command brings beside the stack.
#[derive(Default)]
pub struct Beside {
    pub credentials: Option<DockerCredentials>,
    pub files: Vec<StagedFile>,
    pub pull: Pull,
}

pub async fn run(work: &Work, request: DeployStack, beside: Beside) -> Outcome {
    let healthy = format!("revision {} is up and healthy", request.revision);
    let deployment = Deployment { work, request, beside };
    let ended = deployment.run().await;
    let code = ended.code();
    let DeployEnd { outcome, problem, services, plan, running_revision, remark } = ended;
    let problem = problem.unwrap_or_else(|| Problem::new(code, healthy));
    let remark = remark.map(|remark| format!("; {remark}")).unwrap_or_default();
    let message = format!("{}{remark}", problem.message);
    work.progress.say("done", &message);
    let result = DeployResult { outcome, running_revision, services, plan, message };
    let failed = outcome != DeployOutcome::Deployed;
    Outcome { result: serde_json::to_value(result).ok(), problem: failed.then_some(problem) }
}

pub struct Deployment<'a> {
    pub work: &'a Work,
    pub request: DeployStack,
    pub beside: Beside,
}

pub struct DeployEnd {
    pub outcome: DeployOutcome,
    pub problem: Option<Problem>,
    pub services: Vec<ServiceState>,
    pub plan: Option<PlanResult>,
    pub running_revision: Option<i32>,
    /// What somebody should know although it went well.
    pub remark: Option<String>,
}

impl DeployEnd {
    pub fn code(&self) -> &'static str {
        match self.outcome {
            DeployOutcome::Deployed => "deployed",
            DeployOutcome::ReturnedToLastGood => "returned-to-last-good",
            DeployOutcome::Unhealthy => "unhealthy",
            DeployOutcome::Refused => "refused",
            DeployOutcome::Cancelled => "cancelled",
        }
    }

    pub fn for_the_record(&self, command_id: &str) -> Ended {
        Ended {
            command_id: command_id.to_owned(),
            outcome: self.outcome,
            running_revision: self.running_revision,
            problem: self.problem.as_ref().map(|problem| (problem.code.to_string(), problem.message.clone())),
        }
    }
}

impl Deployment<'_> {
    async fn run(&self) -> DeployEnd {
        let folder = StackFolder::new(&self.work.agent.folder, &self.request.stack);
        let record = folder.record_for(&self.work.command.deployment_hash);
        if record.deployment_hash != self.work.command.deployment_hash {
            let message = format!(
                "a stack of the name `{}` on this host belongs to another deployment",
                self.request.stack
            );
            return self.refused(&record, Problem::new("stack-taken", message), None);
        }
        if let Some(ended) = record.ended.clone().filter(|ended| ended.command_id == self.command_id()) {
            return self.again(&folder, ended).await;
        }
        let applying = record.applying.clone();
        match applying.filter(|applying| self.work.resumed && applying.command_id == self.command_id()) {
            Some(applying) => self.go_on(&folder, record, applying).await,
            None => self.begin(&folder, record).await,
        }
    }

    pub fn command_id(&self) -> &str {
        &self.work.command.command_id
    }

    async fn planned(&self) -> Result<(Ready, Engine, Compose), Problem> {
        self.say("validate", format!("revision {}", self.request.revision));
        let wanted = Wanted {
            stack: &self.request.stack,
            compose: &self.request.compose,
            variables: &self.request.variables,
            pull: self.beside.pull,
        };
        let planned = plan(self.work, &wanted).await?;
        self.say("plan", summary(&planned.0.plan.plan));
        for warning in &planned.0.plan.plan.warnings {
            self.say("plan", warning);
        }
        Ok(planned)
    }

    async fn begin(&self, folder: &StackFolder, mut record: Record) -> DeployEnd {
        let (ready, engine, compose) = match self.planned().await {
            Ok(ready) => ready,
            Err(problem) => return self.refused(&record, problem, None),
        };
        let files = folder.revision(self.request.revision);
        // Images that have come since then make another plan, and nothing else has been done.
        let agreed = self.work.resumed && files.is_agreed(self.command_id());
        if let Some(problem) = self.objection(&ready.plan, agreed) {
            return self.refused(&record, problem, Some(ready.plan));
        }
        let host = Host { deployment: self, folder, engine: &engine, compose: &compose };
        let pulled = match self.write(folder, &ready, &compose).and_then(|()| {
            files.agree(self.command_id())?;
            Ok(())
        }) {
            Ok(()) => host.pull(&ready).await,
            Err(problem) => Err(problem),
        };
        if let Err(problem) = pulled {
            let problem = Problem { message: format!("{}; nothing was changed", problem.message), ..problem };
            return self.refused(&record, problem, None);
        }
        record.applying = Some(Applying {
            command_id: self.command_id().to_owned(),
            revision: self.request.revision,
            returning: None,
        });
        let noted = staged::remember(&folder.project(), &files).and_then(|()| folder.store(&record));
        if let Err(error) = noted {
            return self.refused(&record, error.into(), None);
        }
        match host.bring_up(&ready).await {
            Ok(()) => host.keep(record, &ready).await,
            Err(problem) => host.go_back(record, problem).await,
        }
    }

    /// The host is half-changed: whatever stands in the way now, it must not stay so.
    async fn go_on(&self, folder: &StackFolder, mut record: Record, applying: Applying) -> DeployEnd {
        for files in [folder.revision(applying.revision), folder.last_good()] {
            compose::end_orphan(&files.effective()).await;
        }
        let (engine, compose) = match self.tools().await {
            Ok(tools) => tools,
            Err(problem) => {
                let message = format!(
                    "{}; the agent was interrupted while it brought the revision up, and what runs is not known",
                    problem.message
                );
                record.applying = None;
                let end = DeployEnd {
                    outcome: DeployOutcome::Unhealthy,
                    problem: Some(Problem { message, ..problem }),
                    services: Vec::new(),
                    plan: None,
                    running_revision: None,
                    remark: None,
                };
                record.ended = Some(end.for_the_record(self.command_id()));
                if let Err(error) = folder.store(&record) {
                    tracing::error!("what is known about the stack cannot be kept: {error}");
                }
                return end;
            }
        };
        let host = Host { deployment: self, folder, engine: &engine, compose: &compose };
        if let Some(reason) = applying.returning {
            return host.go_back(record, Problem::new("unhealthy", reason)).await;
        }
        let ready = async {
            let (ready, ..) = self.planned().await?;
            if let Some(problem) = forbidden(&ready.plan.plan.refused) {
                return Err(problem);
            }
            self.write(folder, &ready, &compose)?;
            host.pull(&ready).await?;
            host.bring_up(&ready).await?;
            Ok(ready)
        };
        match ready.await {
            Ok(ready) => host.keep(record, &ready).await,
            Err(problem) => host.go_back(record, problem).await,
        }
    }

    async fn tools(&self) -> Result<(Engine, Compose), Problem> {
        let until = Instant::now() + ENGINE_COMES;
        loop {
            let problem = match self.work.agent.engine().await {
                Ok(engine) if engine.answers().await => return Ok((engine, Compose::find().await?)),
                Ok(engine) => {
                    *self.work.agent.engine.write().await = None;
                    Problem::new("no-engine", format!("{} does not answer", engine.name))
                }
                Err(problem) => problem,
            };
            if Instant::now() >= until {
                return Err(problem);
            }
            self.say("validate", format!("waiting for the container engine: {problem}"));
            sleep(Duration::from_secs(3)).await;
        }
    }

    /// What this very command has come to before the agent was killed.
    async fn again(&self, folder: &StackFolder, ended: Ended) -> DeployEnd {
        let extras = folder.last_good().extras().unwrap_or_default();
        let services = match self.work.agent.engine().await {
            Ok(engine) => engine.states(self.request.stack.as_str(), &extras.expected()).await,
            Err(_) => Vec::new(),
        };
        DeployEnd {
            outcome: ended.outcome,
            problem: ended.problem.map(|(code, message)| Problem::new(code, message)),
            services,
            plan: None,
            running_revision: ended.running_revision,
            remark: None,
        }
    }

    fn write(&self, folder: &StackFolder, ready: &Ready, compose: &Compose) -> Result<(), Problem> {
        folder.make()?;
        let text = render::render(&ready.effective, &ready.extras.fingerprints, compose.dialect)?;
        let env = variables::env_file(&ready.effective, &folder.project(), &self.request.variables)?;
        let files: Vec<StagedFile> = self.beside.files.iter().cloned().chain(env).collect();
        let revision = folder.revision(self.request.revision);
        Ok(revision.write(&self.request.compose, &text, &ready.extras, &files)?)
    }

    /// Why the plan cannot be carried out. `agreed`: it was compared with the one agreed to before.
    fn objection(&self, plan: &PlanResult, agreed: bool) -> Option<Problem> {
        if let Some(problem) = forbidden(&plan.plan.refused) {
            return Some(problem);
        }
        if !agreed && self.request.plan_hash.as_ref().is_some_and(|agreed| *agreed != plan.plan_hash) {
            return Some(Problem::new(
                PLAN_STALE,
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
            remark: None,
        }
    }

    pub fn say(&self, step: &str, message: impl AsRef<str>) {
        self.work.progress.say(step, message);
    }
}

pub fn summary(plan: &Plan) -> String {
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
