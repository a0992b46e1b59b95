//! Plan: determines what a compose file would change on this host and whether that is allowed. Changes nothing.

use domain::{
    command::code::PLAN_STALE,
    deploy::{Blocker, Desired, Effective, Plan, PlanResult, Pull, StackName, compute},
    policy::{Policy, Surroundings, check},
    stack::Stack,
};
use serde_json::{Value, json};

use super::{deployment::Deployment, host::Host, real_path::real_path, render, variables};
use crate::agent::{
    engine::Engine,
    failure::Failure,
    policy_file,
    stacks::{folder::StackFolder, revision::Extras},
    work::Work,
};

/// A valid compose file with its plan. The plan lists what the policy forbids.
pub struct Ready {
    pub effective: Effective,
    pub extras: Extras,
    pub policy: Policy,
    pub plan: PlanResult,
}

/// What the plan is for.
pub struct Wanted<'a> {
    pub stack: &'a StackName,
    pub compose: &'a str,
    pub variables: &'a variables::Given,
    pub pull: Pull,
}

/// Makes the plan of a deployment and reports it as progress.
pub async fn for_deployment(deployment: &Deployment<'_>) -> Result<(Ready, Host), Failure> {
    let request = &deployment.request;
    deployment.say("validate", format!("revision {}", request.revision));
    let wanted = Wanted {
        stack: &request.stack,
        compose: &request.compose,
        variables: &request.variables,
        pull: deployment.additions.pull,
    };
    let planned = plan(deployment.work, &wanted).await?;
    let plan = &planned.0.plan.plan;
    deployment.say("plan", summary(plan));
    for warning in &plan.warnings {
        deployment.say("plan", warning);
    }
    Ok(planned)
}

/// The reason why the plan cannot be carried out, if there is one.
pub fn objection(deployment: &Deployment<'_>, plan: &PlanResult) -> Option<Failure> {
    if let Some(failure) = forbidden(&plan.plan.refused) {
        return Some(failure);
    }
    // If an earlier attempt has compared the plans, they are not compared again: the images that it has pulled since change the
    // plan, and it has changed nothing else.
    let agreed = deployment.work.resumed && deployment.files().is_agreed(deployment.command_id());
    let wanted = deployment.request.plan_hash.as_ref();
    if !agreed && wanted.is_some_and(|wanted| *wanted != plan.plan_hash) {
        return Some(Failure::new(
            PLAN_STALE,
            "the host has changed since the plan was made: this is the new plan",
        ));
    }
    let taken = plan.plan.ports.iter().find_map(|port| Some((port, port.taken_by.as_ref()?)))?;
    let (port, owner) = taken;
    Some(Failure::new(
        "port-taken",
        format!(
            "port {}/{} of this host, which `{}` needs, is taken by {owner}",
            port.port, port.protocol, port.service
        ),
    ))
}

/// A summary in words: "2 to create, 1 unchanged".
pub fn summary(plan: &Plan) -> String {
    use domain::deploy::ServiceAction as Action;
    let count = |action| plan.services.iter().filter(|service| service.action == action).count();
    let parts = [
        (count(Action::Create), "to create"),
        (count(Action::Recreate), "to recreate"),
        (count(Action::Unchanged), "unchanged"),
        (count(Action::Remove), "to remove"),
    ];
    let said: Vec<String> =
        parts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
    if said.is_empty() { "no services".to_owned() } else { said.join(", ") }
}

/// Makes a plan. `plan_stack` does nothing else.
pub async fn plan(work: &Work, wanted: &Wanted<'_>) -> Result<(Ready, Host), Failure> {
    let folder = StackFolder::new(&work.agent.folder, wanted.stack);
    let project = folder.project();
    let project_text = project.to_string_lossy().into_owned();
    let variables = variables::of(&project, wanted.variables)?;
    let effective = Effective::of(&Stack::read(wanted.compose), &variables, &project_text)
        .map_err(|problems| Failure::new("invalid-file", problems.join("\n")))?;
    let policy = policy_file::read(&work.agent.policy)?;
    let host = Host::find(work).await?;
    let refused = refusals(work, &policy, &effective, &host.engine, wanted.stack).await?;
    let fingerprints = render::fingerprints(&effective);
    let previous = folder.last_good().extras().map(|extras| extras.document);
    let inventory = host.engine.inventory(wanted.stack.as_str(), &effective, previous).await?;
    let desired = Desired {
        stack: wanted.stack,
        effective: &effective,
        fingerprints: &fingerprints,
        pull: wanted.pull,
    };
    let plan = hashed(compute(&desired, &inventory, refused))?;
    let replicas =
        fingerprints.keys().map(|service| (service.clone(), effective.replicas(service))).collect();
    let extras = Extras {
        passed: effective.passed_variables().clone(),
        profiles: variables::profiles(&variables),
        fingerprints,
        replicas,
        document: effective.document().clone(),
    };
    Ok((Ready { effective, extras, policy, plan }, host))
}

/// Lists what the current policy forbids in a file.
pub async fn refusals(
    work: &Work,
    policy: &Policy,
    effective: &Effective,
    engine: &Engine,
    stack: &StackName,
) -> Result<Vec<Blocker>, Failure> {
    let project = StackFolder::new(&work.agent.folder, stack).project();
    let root = work.agent.folder.root().to_string_lossy();
    let sockets = [engine.socket.to_string_lossy().into_owned()];
    let around = Surroundings {
        stack: stack.as_str(),
        volumes: &engine.volume_owners().await?,
        project: &project.to_string_lossy(),
        agent: &root,
        sockets: &sockets,
        real_path: &real_path,
    };
    Ok(check(policy, effective, &around))
}

/// `None`: nothing is forbidden.
pub fn forbidden(refused: &[Blocker]) -> Option<Failure> {
    let first = refused.first()?;
    let more = refused.len() - 1;
    let more = if more > 0 { format!(" (and {more} more)") } else { String::new() };
    Some(Failure::new(
        "policy",
        format!("the policy of this host forbids it: {}{more} [{}]", first.message, first.rule),
    ))
}

fn hashed(plan: Plan) -> Result<PlanResult, Failure> {
    let text = plan.canonical_json().map_err(|error| Failure::new("internal", error.to_string()))?;
    Ok(PlanResult { plan_hash: render::sha256(&text), plan })
}

/// The result of `plan_stack`.
pub fn plan_result(plan: &PlanResult) -> Value {
    serde_json::to_value(plan).unwrap_or_else(|_| json!({}))
}
