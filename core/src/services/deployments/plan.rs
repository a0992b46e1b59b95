//! Plans the next revision and applies the plan. Going back is a plan of an earlier revision.

use std::time::Duration;

use domain::{
    access::{Action, Caller, ProjectRole},
    api::{ApplyRequest, FieldError, PlanAnswer, PlanRequest, RevisionOutcome, StartedCommand},
    command::State,
    deploy::PlanStack,
};
use sqlx::PgConnection;

use super::{
    Deployments, allow,
    deploy::start_revision,
    enqueue::enqueue,
    error::DeploymentError,
    locks::{lock_changeable, lock_live, require_agreements, room_for_deployment},
    outcome::reason,
    stack::check_deployable,
    values::RevisionValues,
};
use crate::db::{
    agents::hosts,
    deployments::{
        self, ProjectNow, deployment_commands,
        deployment_revisions::{self, NewRevision},
    },
    marketplace::requirements,
};

/// Shorter than the time limit of requests.
const PLANNING_IS_WAITED_FOR: Duration = Duration::from_secs(20);
/// The most services of one file that can be recreated by name.
const MAX_RECREATE: usize = 200;

/// What to plan.
struct Wanted {
    compose: String,
    values: RevisionValues,
    returns_to: Option<i32>,
}

impl Deployments {
    /// Asks the agent what would change. Returns without a plan if this takes too long or the agent is offline; asking again then
    /// asks for the same plan.
    pub async fn plan(
        &self,
        caller: &Caller,
        hash: &str,
        request: PlanRequest,
    ) -> Result<PlanAnswer, DeploymentError> {
        allow(caller, Action::Update)?;
        let wanted = self.wanted(caller, hash, request.revision).await?;
        // Subscribed before asking, so that the answer is not missed.
        let mut news = self.core.hub.deployment_events(hash);
        let (revision, command_id) = self.ask_for_plan(caller, hash, wanted).await?;
        let too_long = tokio::time::sleep(PLANNING_IS_WAITED_FOR);
        tokio::pin!(too_long);
        loop {
            let answer = self.plan_answer(hash, revision, command_id.clone()).await?;
            // Without a `LISTEN` connection no change would be noticed, so waiting is useless.
            if answer.plan.is_some() || answer.problem.is_some() || !self.core.hub.is_listening() {
                return Ok(answer);
            }
            tokio::select! {
                () = news.changed() => {}
                () = &mut too_long => return Ok(answer),
                () = self.core.hub.stopping().cancelled() => return Ok(answer),
            }
        }
    }

    /// Sends the planned revision to the host, where it is deployed if the plan still holds.
    pub async fn apply(
        &self,
        caller: &Caller,
        hash: &str,
        request: ApplyRequest,
    ) -> Result<StartedCommand, DeploymentError> {
        allow(caller, Action::Update)?;
        check_apply(&request)?;
        let number = request.revision;
        let required = requirements::of_revision(&self.core.pool, hash, number, &caller.user_id).await?;
        self.validate(caller, required.as_ref()).await?;
        let mut transaction = self.core.pool.begin().await?;
        let deployment = lock_changeable(&mut transaction, caller, ProjectRole::Operator, hash).await?;
        let revision = deployment_revisions::find(&mut transaction, deployment.id, number)
            .await?
            .ok_or(DeploymentError::NotFound("revision"))?;
        // Going back is not a new deployment: in an emergency nothing must be in its way.
        if revision.summary.returns_to.is_none() {
            require_agreements(&mut transaction, caller).await?;
        }
        if revision.summary.outcome != RevisionOutcome::Planned {
            return Err(DeploymentError::NotPlanned { number });
        }
        if let Some(owner) = deployments::owner_of_prepared(&mut transaction, deployment.id).await? {
            room_for_deployment(&mut transaction, &owner, self.core.limits.max_deployments).await?;
            deployments::confirm_prepared(&mut transaction, deployment.id).await?;
        }
        deployment_revisions::begin(&mut transaction, deployment.id, number).await?;
        let parameters =
            self.deploy_stack(&deployment, number, revision.compose, request.plan_hash, request.recreate);
        let command_id =
            start_revision(&mut transaction, &deployment, number, parameters, caller, &self.core.context)
                .await?;
        transaction.commit().await?;
        Ok(StartedCommand { deployment_hash: deployment.hash, command_id, revision: Some(number) })
    }

    /// The text to plan and its values: those of the project now, or those of an earlier revision.
    async fn wanted(
        &self,
        caller: &Caller,
        hash: &str,
        revision: Option<i32>,
    ) -> Result<Wanted, DeploymentError> {
        let Some(number) = revision else {
            let project = deployments::project_now(&self.core.pool, hash, &caller.user_id).await?;
            let ProjectNow { id, compose, values, values_sealed, requirement } =
                project.ok_or(DeploymentError::NotFound("deployment"))?;
            self.validate(caller, requirement.as_ref()).await?;
            let read = check_deployable(compose.clone()).await?;
            let sealed = values_sealed.as_deref();
            let values = RevisionValues::of_project(&self.core, id, &values, sealed, &read)?;
            return Ok(Wanted { compose, values, returns_to: None });
        };
        let mut connection = self.core.pool.acquire().await?;
        let earlier = deployment_revisions::find_of(&mut connection, hash, &caller.user_id, number).await?;
        let earlier = earlier.ok_or(DeploymentError::NotFound("revision"))?;
        let values = RevisionValues::of_hash(&self.core, &mut connection, hash, number).await?;
        Ok(Wanted { compose: earlier.compose, values, returns_to: Some(number) })
    }

    async fn ask_for_plan(
        &self,
        caller: &Caller,
        hash: &str,
        wanted: Wanted,
    ) -> Result<(i32, String), DeploymentError> {
        let mut transaction = self.core.pool.begin().await?;
        let deployment = lock_live(&mut transaction, caller, ProjectRole::Operator, hash).await?;
        let host = deployment.host_id.ok_or(DeploymentError::NoHost)?;
        if let Some(missing) = hosts::compose_missing(&mut transaction, host).await? {
            return Err(DeploymentError::HostWithoutCompose { missing });
        }
        let number = self.planned_revision(&mut transaction, caller, deployment.id, &wanted).await?;
        // A repeated request waits for the same answer.
        if let Some(command_id) = deployment_commands::open_plan(&mut transaction, hash, number).await? {
            transaction.commit().await?;
            return Ok((number, command_id));
        }
        let parameters = PlanStack {
            stack: deployment.stack.clone(),
            revision: number,
            compose: wanted.compose,
            // Added when the agent fetches the command.
            variables: None,
        };
        let command =
            enqueue(&mut transaction, &deployment, &parameters, Some(number), caller, &self.core.context)
                .await?;
        transaction.commit().await?;
        Ok((number, command.command_id))
    }

    /// The newest revision, if it was planned for the same text and values and not tried yet; otherwise a new one.
    async fn planned_revision(
        &self,
        connection: &mut PgConnection,
        caller: &Caller,
        deployment_id: i32,
        wanted: &Wanted,
    ) -> Result<i32, DeploymentError> {
        let newest = deployment_revisions::newest(connection, deployment_id).await?;
        if let Some(newest) = newest
            && newest.summary.outcome == RevisionOutcome::Planned
            && newest.summary.returns_to == wanted.returns_to
            && newest.compose == wanted.compose
            && RevisionValues::of_revision(&self.core, connection, deployment_id, newest.summary.number)
                .await?
                == wanted.values
        {
            return Ok(newest.summary.number);
        }
        let revision = NewRevision {
            compose: &wanted.compose,
            outcome: RevisionOutcome::Planned,
            returns_to: wanted.returns_to,
            values: wanted.values.seal(&self.core)?,
            created_by: &caller.user_id,
            now: self.core.context.clock.now(),
        };
        Ok(deployment_revisions::insert(connection, deployment_id, revision).await?)
    }

    /// The answer that follows from the state of the planning command.
    async fn plan_answer(
        &self,
        hash: &str,
        revision: i32,
        command_id: String,
    ) -> Result<PlanAnswer, DeploymentError> {
        let found = deployment_commands::plan_of(&self.core.pool, hash, &command_id, revision).await?;
        let mut answer = PlanAnswer { revision, command_id, plan: None, plan_hash: None, problem: None };
        let Some((state, error, plan)) = found else { return Ok(answer) };
        match (state, plan) {
            (State::Completed, Some((plan, plan_hash))) => {
                answer.plan = Some(plan);
                answer.plan_hash = Some(plan_hash);
            }
            (State::Completed, None) => {
                answer.problem = Some("the agent's answer is not a plan".to_owned());
            }
            (State::Failed | State::Cancelled, _) => {
                let told = error.as_ref().and_then(reason);
                answer.problem = Some(told.unwrap_or_else(|| "the agent could not make a plan".to_owned()));
            }
            (State::Queued | State::Sent | State::Executing, _) => {}
        }
        Ok(answer)
    }
}

fn check_apply(request: &ApplyRequest) -> Result<(), DeploymentError> {
    let mut errors = Vec::new();
    let mut wrong = |field: &str, message: &str| {
        errors.push(FieldError { field: field.to_owned(), message: message.to_owned() });
    };
    if let Some(hash) = &request.plan_hash
        && (hash.len() != 64 || !hash.bytes().all(|byte| byte.is_ascii_hexdigit()))
    {
        wrong("plan_hash", "must be the hash of a plan: 64 hexadecimal digits");
    }
    let is_name = |name: &String| (1..=255).contains(&name.len());
    if request.recreate.len() > MAX_RECREATE || !request.recreate.iter().all(is_name) {
        wrong("recreate", "must be up to 200 service names");
    }
    if errors.is_empty() { Ok(()) } else { Err(DeploymentError::Invalid { errors }) }
}
