//! Why a use case of deployments failed. After an error nothing has changed.

use domain::{
    access::LacksRole,
    api::FieldError,
    check::Finding,
    deploy::ComposeMissing,
    problem::{Extra, Problem, ProblemKind, UseCaseError},
};

use super::validate::ValidationError;
use crate::services::{ProjectError, account::AccountLimit, open_streams::TooManyStreams};

#[derive(Debug, thiserror::Error)]
pub enum DeploymentError {
    /// Also returned for deployments, projects and hosts that the caller is not allowed to see, so that their existence stays
    /// hidden.
    #[error("{0} not found")]
    NotFound(&'static str),
    #[error("your role does not allow this")]
    Forbidden,
    #[error(transparent)]
    LacksRole(#[from] LacksRole),
    #[error(
        "accept the agreement “{name}” before you deploy, on the page Agreements or with `POST /agreement` and the id {id}"
    )]
    AgreementRequired { id: i32, name: String },
    #[error("the request is not a valid deployment: {}", summary(errors))]
    Invalid { errors: Vec<FieldError> },
    #[error(
        "no message broker is configured on this server, so nothing can be deployed to a cloud: deploy to your own host, with the provider `own`"
    )]
    CloudNotConfigured,
    #[error(
        "this cloud stores no credentials: send them as `cloud_token`, `cloud_key` or `cloud_secret` in `cloud`, or store them with the cloud"
    )]
    CloudCredentialsMissing,
    #[error("a machine in a cloud cannot run this stack: {}", summary(reasons))]
    CloudCannotCarry { reasons: Vec<FieldError> },
    #[error("some variables have neither a value nor a default: {}", summary(missing))]
    VariablesMissing { missing: Vec<FieldError> },
    #[error("some images do not exist: {}", summary(missing))]
    ImageNotFound { missing: Vec<FieldError> },
    #[error("the stack has no services, so there is nothing to deploy")]
    StackEmpty,
    #[error("the stack has {} to fix before it can be deployed", counted(findings.len()))]
    StackHasErrors { findings: Vec<Finding> },
    #[error("another command is running on this deployment: wait for it or cancel it")]
    Busy,
    /// The deployment was removed or cancelled.
    #[error("this deployment has ended: deploy the project again")]
    Ended,
    #[error("this deployment has no host with a Stacker agent, so no plan can be made")]
    NoHost,
    #[error("{}", missing.in_words())]
    HostWithoutCompose { missing: ComposeMissing },
    #[error("revision {number} was already deployed or tried: plan again")]
    NotPlanned { number: i32 },
    #[error("nothing is running yet")]
    NothingRuns,
    #[error("nothing has drifted: the host runs what was deployed")]
    NoDrift,
    #[error("some changes on the host cannot be adopted: {}", summary(reasons))]
    CannotAdopt { reasons: Vec<FieldError> },
    #[error(transparent)]
    NotValidated(#[from] ValidationError),
    #[error("{0}")]
    Project(ProjectError),
    #[error(transparent)]
    LimitReached(#[from] AccountLimit),
    #[error(transparent)]
    TooManyStreams(#[from] TooManyStreams),
    #[error("something failed on the server")]
    Internal(#[from] anyhow::Error),
}

/// The most findings that a problem repeats; a check of the text returns all of them.
const MAX_FINDINGS: usize = 50;

impl UseCaseError for DeploymentError {
    fn problem(&self) -> Problem {
        let conflict = |code| Problem::conflict(code, self);
        let unprocessable = |code| Problem::new(ProblemKind::Unprocessable, code, self);
        match self {
            Self::NotFound(what) => Problem::new(ProblemKind::NotFound, "not-found", self).missing(what),
            Self::Forbidden => Problem::forbidden(),
            Self::LacksRole(lacks) => lacks.problem(),
            Self::AgreementRequired { id, .. } => {
                Problem::new(ProblemKind::AgreementRequired, "agreement-required", self)
                    .with(Extra::Agreement(*id))
            }
            Self::Invalid { errors } => {
                Problem::new(ProblemKind::Invalid, "invalid", self).with_fields(errors.clone())
            }
            Self::CloudNotConfigured => unprocessable("cloud-not-configured"),
            Self::CloudCredentialsMissing => {
                Problem::new(ProblemKind::Invalid, "cloud-credentials-missing", self).about_field("cloud")
            }
            Self::CloudCannotCarry { reasons } => {
                unprocessable("cloud-cannot-carry").with_fields(reasons.clone())
            }
            Self::VariablesMissing { missing } => {
                unprocessable("variables-missing").with_fields(missing.clone())
            }
            Self::ImageNotFound { missing } => unprocessable("image-not-found").with_fields(missing.clone()),
            Self::StackEmpty => unprocessable("stack-empty"),
            Self::StackHasErrors { findings } => {
                let fields = findings.iter().take(MAX_FINDINGS).map(|finding| FieldError {
                    field: format!("compose:{}:{}", finding.position.line, finding.position.column),
                    message: finding.message.clone(),
                });
                unprocessable("stack-has-errors").with_fields(fields.collect())
            }
            Self::Busy => conflict("deployment-busy"),
            Self::Ended => conflict("deployment-ended"),
            Self::NoHost => conflict("deployment-without-host"),
            Self::HostWithoutCompose { .. } => conflict("host-without-compose"),
            Self::NotPlanned { .. } => conflict("revision-not-planned"),
            Self::NothingRuns => conflict("nothing-runs"),
            Self::NoDrift => conflict("no-drift"),
            Self::CannotAdopt { reasons } => unprocessable("cannot-adopt").with_fields(reasons.clone()),
            Self::NotValidated(error) => error.problem(),
            Self::Project(error) => error.problem(),
            Self::LimitReached(limit) => limit.problem(),
            Self::TooManyStreams(error) => error.problem(),
            Self::Internal(_) => Problem::internal(),
        }
    }
}

impl From<ProjectError> for DeploymentError {
    fn from(error: ProjectError) -> Self {
        match error {
            ProjectError::NotFound => Self::NotFound("project"),
            ProjectError::Forbidden => Self::Forbidden,
            ProjectError::LacksRole(lacks) => Self::LacksRole(lacks),
            ProjectError::Internal(cause) => Self::Internal(cause),
            other => Self::Project(other),
        }
    }
}

impl From<sqlx::Error> for DeploymentError {
    fn from(error: sqlx::Error) -> Self {
        Self::Internal(error.into())
    }
}

fn counted(errors: usize) -> String {
    if errors == 1 { "an error".to_owned() } else { format!("{errors} errors") }
}

fn summary(errors: &[FieldError]) -> String {
    match errors {
        [] => "it is empty".to_owned(),
        [only] => format!("{}: {}", only.field, only.message),
        [first, rest @ ..] => format!("{}: {} (and {} more)", first.field, first.message, rest.len()),
    }
}
