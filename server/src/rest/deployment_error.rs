//! How the use cases of deployments fail, over REST.

use axum::http::{HeaderValue, StatusCode, header};
use domain::api::FieldError;
use stacker::services::DeploymentError;

use crate::http::ApiError;

/// As many findings are repeated in an answer; `POST /check` has them all.
const MAX_FINDINGS: usize = 50;

impl From<DeploymentError> for ApiError {
    fn from(error: DeploymentError) -> Self {
        let message = error.to_string();
        let conflict = |code| Self::new(StatusCode::CONFLICT, code, message.clone());
        let refused = |code| Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, message.clone());
        match error {
            DeploymentError::NotFound(_) => Self::new(StatusCode::NOT_FOUND, "not-found", message),
            DeploymentError::Forbidden => Self::forbidden(),
            DeploymentError::LacksRole(_) => Self::new(StatusCode::FORBIDDEN, "project-role", message),
            DeploymentError::Invalid { errors } => Self::bad_request("invalid", message).with_errors(errors),
            DeploymentError::CloudNotConfigured => refused("cloud-not-configured"),
            DeploymentError::StackEmpty => refused("stack-empty"),
            DeploymentError::StackHasErrors { findings } => {
                let errors = findings.into_iter().take(MAX_FINDINGS).map(|finding| FieldError {
                    field: format!("compose:{}:{}", finding.position.line, finding.position.column),
                    message: finding.message,
                });
                refused("stack-has-errors").with_errors(errors.collect())
            }
            DeploymentError::Busy => conflict("deployment-busy"),
            DeploymentError::Ended => conflict("deployment-ended"),
            DeploymentError::NoHost => conflict("deployment-without-host"),
            DeploymentError::NotPlanned { .. } => conflict("revision-not-planned"),
            DeploymentError::NothingRuns => conflict("nothing-runs"),
            DeploymentError::NoDrift => conflict("no-drift"),
            DeploymentError::CannotAdopt { reasons } => refused("cannot-adopt").with_errors(reasons),
            DeploymentError::Project(error) => error.into(),
            DeploymentError::LimitReached { .. } => {
                Self::new(StatusCode::FORBIDDEN, "limit-reached", message)
            }
            DeploymentError::TooManyStreams => {
                Self::new(StatusCode::TOO_MANY_REQUESTS, "too-many-streams", message)
                    .with_header(header::RETRY_AFTER, HeaderValue::from_static("30"))
            }
            DeploymentError::Internal(cause) => Self::internal(&cause),
        }
    }
}
