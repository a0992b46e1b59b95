//! How a command ended, as its agent reports it. The first final report counts.

use std::net::IpAddr;

use domain::{
    api::{ReportAnswer, ReportCommand},
    command::{Event, ReportedOutcome, Step, check_result, outcome_of, step},
    problem::{Problem, ProblemKind, UseCaseError},
};
use serde_json::{Value, json};

use super::{By, Commands, audit, tell_pages};
use crate::{
    db::{
        commands::{self, Ended, Stored},
        is_conflict,
        storable::storable,
    },
    services::{agents::KnownAgent, deployments::outcome, reported_text},
};

/// The code of the error that is added if a result does not have the shape that its command promises.
const RESULT_SHAPE: &str = "result-shape";

#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    #[error("Not authorized for this deployment")]
    OtherDeployment,
    #[error("Command not found")]
    NotFound,
    #[error("Command not found for this deployment")]
    NotOfDeployment,
    #[error("{0}")]
    Status(&'static str),
    #[error("the report could not be stored")]
    Internal(#[from] anyhow::Error),
}

impl UseCaseError for ReportError {
    fn problem(&self) -> Problem {
        match self {
            Self::OtherDeployment => Problem::new(ProblemKind::Forbidden, "other-deployment", self),
            Self::NotFound | Self::NotOfDeployment => {
                Problem::new(ProblemKind::NotFound, "not-found", self).missing("command")
            }
            Self::Status(_) => Problem::new(ProblemKind::Invalid, "invalid", self).about_field("status"),
            Self::Internal(_) => Problem::internal(),
        }
    }
}

impl From<sqlx::Error> for ReportError {
    fn from(error: sqlx::Error) -> Self {
        Self::Internal(error.into())
    }
}

impl Commands {
    /// Acknowledges a report however often it is sent. A report about a command that has ended, or that was never delivered,
    /// changes nothing and is recorded in the audit log.
    pub async fn report(
        &self,
        agent: &KnownAgent,
        report: ReportCommand,
        address: Option<IpAddr>,
    ) -> Result<ReportAnswer, ReportError> {
        match self.report_once(agent, report.clone(), address).await {
            // Tried again: the database has rolled everything back, and third-party agents may lose a report answered with 5xx.
            Err(ReportError::Internal(error)) if is_conflict(&error) => {
                self.report_once(agent, report, address).await
            }
            answer => answer,
        }
    }

    async fn report_once(
        &self,
        agent: &KnownAgent,
        report: ReportCommand,
        address: Option<IpAddr>,
    ) -> Result<ReportAnswer, ReportError> {
        let reported = outcome_of(&report.status, report.command_status.as_deref()).ok_or(
            ReportError::Status(if report.command_status.is_some() {
                "Invalid command_status. Must be 'completed' or 'failed'"
            } else {
                "Invalid status. Must be one of: success, completed, failed, error"
            }),
        )?;
        if agent.host_id.is_none() && report.deployment_hash != agent.channel {
            return Err(ReportError::OtherDeployment);
        }
        if report.command_id.contains('\0') {
            return Err(ReportError::NotFound);
        }
        let mut transaction = self.core.pool.begin().await?;
        let stored = commands::find_locked_on_channel(&mut transaction, &agent.channel, &report.command_id)
            .await?
            .ok_or(ReportError::NotFound)?;
        if stored.command.deployment_hash != report.deployment_hash {
            return Err(ReportError::NotOfDeployment);
        }
        let by = By::Agent { id: agent.id, address };
        let event = match reported {
            ReportedOutcome::Completed => Event::Completed,
            ReportedOutcome::Failed => Event::Failed,
        };
        let Step::Enter(status) = step(stored.command.status, event, stored.lease()) else {
            let status = stored.command.status;
            let details =
                json!({"status": status, "reported_status": reported_text::line(&report.status, 50)});
            let (action, what) = match status.is_final() {
                true => ("command.reported_late", "has ended already"),
                false => ("command.reported_undelivered", "was not delivered"),
            };
            audit(&mut transaction, &self.core.context, by, action, &stored.command, details).await?;
            transaction.commit().await?;
            return Ok(answer(format!("Command {what}, status: {}", status.as_str())));
        };
        let details = json!({
            "status": status,
            "has_result": report.result.is_some(),
            "has_error": report.error.is_some() || report.errors.is_some(),
            "reported_status": reported_text::line(&report.status, 50),
        });
        let (result, error) = kept(&stored, report, reported)?;
        let now = self.core.context.clock.now();
        let ended =
            Ended { id: stored.command.id, status, result: result.as_ref(), error: error.as_ref(), now };
        let ended = commands::end(&mut transaction, ended).await?;
        audit(&mut transaction, &self.core.context, by, "command.reported", &ended.command, details).await?;
        outcome::command_ended(&mut transaction, &ended.command, ended.revision, &self.core.context).await?;
        tell_pages(&mut transaction, &ended, &self.core.context).await?;
        transaction.commit().await?;
        Ok(answer(format!("Command result accepted, status: {}", status.as_str())))
    }
}

fn answer(message: String) -> ReportAnswer {
    ReportAnswer { accepted: true, message }
}

/// The result and the error, as they are stored.
fn kept(
    stored: &Stored,
    report: ReportCommand,
    reported: ReportedOutcome,
) -> anyhow::Result<(Option<Value>, Option<Value>)> {
    let result = report.result.filter(|result| !result.is_null());
    let wrong = shape_problem(stored, result.as_ref(), reported);
    let mut error = match report.errors {
        Some(errors) if errors.is_empty() => None,
        Some(errors) => Some(json!({"errors": errors})),
        None => report.error.filter(|error| !error.is_null()),
    };
    if let Some(message) = wrong {
        error = Some(with_problem(error, &message));
    }
    let result = result
        .or_else(|| (!report.status.is_empty()).then(|| json!({"status": report.status})))
        .unwrap_or_default();
    Ok((Some(storable(&result)?), error.as_ref().map(storable).transpose()?))
}

/// What is wrong with the shape of a result. A failure needs no result.
fn shape_problem(stored: &Stored, result: Option<&Value>, reported: ReportedOutcome) -> Option<String> {
    if reported == ReportedOutcome::Failed && result.is_none() {
        return None;
    }
    check_result(&stored.command.r#type, &stored.command.deployment_hash, result).err()
}

/// Adds the message to the errors that the agent reported.
fn with_problem(error: Option<Value>, message: &str) -> Value {
    let mut errors = match error {
        None => Vec::new(),
        Some(Value::Object(mut object)) => match object.remove("errors") {
            Some(Value::Array(errors)) => errors,
            _ => vec![Value::Object(object)],
        },
        Some(other) => vec![json!({"code": "reported", "message": other})],
    };
    errors.push(json!({"code": RESULT_SHAPE, "message": message}));
    json!({"errors": errors})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_of_shape_stands_beside_what_the_agent_said() {
        let problem = json!({"code": RESULT_SHAPE, "message": "m"});
        assert_eq!(with_problem(None, "m"), json!({"errors": [problem]}));
        assert_eq!(
            with_problem(Some(json!("boom")), "m"),
            json!({"errors": [{"code": "reported", "message": "boom"}, problem]})
        );
        assert_eq!(
            with_problem(Some(json!({"errors": [{"code": "x"}]})), "m"),
            json!({"errors": [{"code": "x"}, problem]})
        );
    }
}
