//! What a text would do on this host, and whether the policy lets it.

use std::collections::BTreeMap;

use domain::{
    deploy::{Blocker, Desired, Effective, Plan, PlanResult, Pull, StackName, compute},
    policy::{Policy, Surroundings, check},
    stack::Stack,
};
use serde_json::{Value, json};

use super::{
    prepare,
    real_path::real_path,
    record::{Extras, StackFolder},
    render, variables,
};
use crate::agent::{
    commands::Work,
    engine::{Engine, compose::Compose},
    outcome::Problem,
};

/// A file that may be deployed here, with the plan for it.
pub struct Ready {
    pub effective: Effective,
    pub extras: Extras,
    pub policy: Policy,
    pub plan: PlanResult,
}

/// What is to be planned.
pub struct Wanted<'a> {
    pub stack: &'a StackName,
    pub compose: &'a str,
    pub variables: &'a BTreeMap<String, String>,
    pub pull: Pull,
}

/// Plans a text; the first part of a deployment, and all of `plan_stack`.
pub async fn plan(work: &Work, wanted: &Wanted<'_>) -> Result<(Ready, Engine, Compose), Problem> {
    let folder = StackFolder::new(&work.agent.folder, wanted.stack);
    let project = folder.project();
    let project_text = project.to_string_lossy().into_owned();
    let variables = variables::of(&project, wanted.variables)?;
    let effective = Effective::of(&Stack::read(wanted.compose), &variables, &project_text)
        .map_err(|problems| Problem::new("invalid-file", problems.join("\n")))?;
    let policy = prepare::policy(&work.agent.policy)?;
    let engine = work.agent.engine().await?;
    let compose = Compose::find().await?;
    let refused = refusals(work, &policy, &effective, &engine, wanted.stack).await?;
    let fingerprints = render::fingerprints(&effective);
    let previous = folder.last_good().extras().map(|extras| extras.document);
    let inventory = engine.inventory(wanted.stack.as_str(), &effective, previous).await?;
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
        profiles: prepare::variables_for_profiles(&variables),
        fingerprints,
        replicas,
        document: effective.document().clone(),
    };
    Ok((Ready { effective, extras, policy, plan }, engine, compose))
}

/// What the policy, as it is now, says about a file.
pub async fn refusals(
    work: &Work,
    policy: &Policy,
    effective: &Effective,
    engine: &Engine,
    stack: &StackName,
) -> Result<Vec<Blocker>, Problem> {
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

/// In words; `None` when nothing is refused.
pub fn forbidden(refused: &[Blocker]) -> Option<Problem> {
    let first = refused.first()?;
    let more = refused.len() - 1;
    let more = if more > 0 { format!(" (and {more} more)") } else { String::new() };
    Some(Problem::new(
        "policy",
        format!("the policy of this host forbids it: {}{more} [{}]", first.message, first.rule),
    ))
}

fn hashed(plan: Plan) -> Result<PlanResult, Problem> {
    let text = plan.canonical_json().map_err(|error| Problem::new("internal", error.to_string()))?;
    Ok(PlanResult { plan_hash: render::sha256(&text), plan })
}

/// Result of `plan_stack`.
pub fn plan_result(plan: &PlanResult) -> Value {
    serde_json::to_value(plan).unwrap_or_else(|_| json!({}))
}
