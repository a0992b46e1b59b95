//! How a deployment ended, as the record, the report and the progress state it.

use domain::deploy::{DeployOutcome, DeployResult, PlanResult, ServiceState};

use crate::agent::{
    outcome::{Outcome, Problem},
    stacks::record::{Ended, Record},
};

pub struct DeployEnd {
    pub outcome: DeployOutcome,
    pub problem: Option<Problem>,
    pub services: Vec<ServiceState>,
    pub plan: Option<PlanResult>,
    pub running_revision: Option<i32>,
    /// What a person should know although the deployment succeeded.
    pub remark: Option<String>,
}

impl DeployEnd {
    /// Nothing was changed: the last good revision still runs. `plan`: the one that could not be carried out.
    pub fn refused(record: &Record, problem: Problem, plan: Option<PlanResult>) -> Self {
        Self {
            outcome: if problem.is_cancelled() { DeployOutcome::Cancelled } else { DeployOutcome::Refused },
            problem: Some(problem),
            services: Vec::new(),
            plan,
            running_revision: record.last_good,
            remark: None,
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

    /// What is reported, and its message.
    pub fn into_outcome(self, revision: i32) -> (Outcome, String) {
        let problem = self.problem.unwrap_or_else(|| {
            Problem::new(code(self.outcome), format!("revision {revision} is up and healthy"))
        });
        let remark = self.remark.map(|remark| format!("; {remark}")).unwrap_or_default();
        let message = format!("{}{remark}", problem.message);
        let result = DeployResult {
            outcome: self.outcome,
            running_revision: self.running_revision,
            services: self.services,
            plan: self.plan,
            message: message.clone(),
        };
        let failed = self.outcome != DeployOutcome::Deployed;
        let outcome =
            Outcome { result: serde_json::to_value(result).ok(), problem: failed.then_some(problem) };
        (outcome, message)
    }
}

fn code(outcome: DeployOutcome) -> &'static str {
    match outcome {
        DeployOutcome::Deployed => "deployed",
        DeployOutcome::ReturnedToLastGood => "returned-to-last-good",
        DeployOutcome::Unhealthy => "unhealthy",
        DeployOutcome::Refused => "refused",
        DeployOutcome::Cancelled => "cancelled",
    }
}
