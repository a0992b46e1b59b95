//! How a deployment ended, as the record, the report and the progress state it.

use domain::deploy::{DeployOutcome, DeployResult, PlanResult, ServiceState};

use crate::agent::{
    failure::Failure,
    outcome::CommandOutcome,
    stacks::record::{Ended, Record},
};

pub struct DeployEnd {
    pub outcome: DeployOutcome,
    pub failure: Option<Failure>,
    pub services: Vec<ServiceState>,
    pub plan: Option<PlanResult>,
    pub running_revision: Option<i32>,
    /// A remark for the user, although the deployment succeeded.
    pub remark: Option<String>,
}

impl DeployEnd {
    /// Nothing was changed: the last good revision still runs. `plan`: the plan that could not be carried out.
    pub fn refused(record: &Record, failure: Failure, plan: Option<PlanResult>) -> Self {
        Self {
            outcome: if failure.is_cancelled() { DeployOutcome::Cancelled } else { DeployOutcome::Refused },
            failure: Some(failure),
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
            failure: self.failure.as_ref().map(|failure| (failure.code.to_string(), failure.message.clone())),
        }
    }

    /// The reported outcome, and its message.
    pub fn into_outcome(self, revision: i32) -> (CommandOutcome, String) {
        let failure = self.failure.unwrap_or_else(|| {
            Failure::new(code(self.outcome), format!("revision {revision} is up and healthy"))
        });
        let remark = self.remark.map(|remark| format!("; {remark}")).unwrap_or_default();
        let message = format!("{}{remark}", failure.message);
        let result = DeployResult {
            outcome: self.outcome,
            running_revision: self.running_revision,
            services: self.services,
            plan: self.plan,
            message: message.clone(),
        };
        let failed = self.outcome != DeployOutcome::Deployed;
        let outcome =
            CommandOutcome { result: serde_json::to_value(result).ok(), failure: failed.then_some(failure) };
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
