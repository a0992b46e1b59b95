//! Checks, before every deployment, that the person who deploys has what the template of the project asks for: first the plan,
//! then the purchase.
//!
//! Every way to deploy leads through [`Deployments::subject`](super::Deployments), so no transport can leave this out. Whatever the
//! User Service does not clearly confirm is refused.

#[cfg(test)]
mod deployment_validator;

use domain::{
    access::Caller,
    marketplace::{Lacking, PlanHeld, Plans, Profile, Requirement},
    problem::{Problem, ProblemKind, UseCaseError},
};
use secrecy::SecretString;

use crate::connectors::user_service::{UserService, UserServiceError};

#[derive(Debug, thiserror::Error)]
pub enum ValidationError {
    #[error(transparent)]
    Lacking(#[from] Lacking),
    #[error("Failed to validate deployment: {reason}")]
    Unknown { about: Question, reason: String },
}

/// What nobody could answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    Plan,
    Purchase,
}

impl UseCaseError for ValidationError {
    fn problem(&self) -> Problem {
        let (kind, code) = match self {
            Self::Lacking(Lacking::Plan { .. }) => (ProblemKind::NotEntitled, "plan-insufficient"),
            Self::Lacking(Lacking::Purchase { .. }) => (ProblemKind::NotEntitled, "template-not-purchased"),
            Self::Unknown { about: Question::Plan, .. } => (ProblemKind::Unavailable, "plan-unknown"),
            Self::Unknown { about: Question::Purchase, .. } => (ProblemKind::Unavailable, "purchase-unknown"),
        };
        Problem::new(kind, code, self)
    }
}

/// Whether the caller may deploy a project that was made from a template which asks for this.
pub async fn validate(
    service: &dyn UserService,
    caller: &Caller,
    requirement: &Requirement,
) -> Result<(), ValidationError> {
    let about = match requirement {
        requirement if requirement.is_empty() => return Ok(()),
        // Without a User Service nothing can be bought, so nothing has to be.
        Requirement { required_plan: None, .. } if !service.is_on() => return Ok(()),
        Requirement { required_plan: None, .. } => Question::Purchase,
        Requirement { required_plan: Some(_), .. } => Question::Plan,
    };
    let profile =
        profile(service, caller).await.map_err(|reason| ValidationError::Unknown { about, reason })?;
    if let Some(required) = &requirement.required_plan {
        check_plan(service, required, &profile.plan).await?;
    }
    if requirement.product_id.is_some() {
        check_purchase(service, requirement, &profile).await?;
    }
    Ok(())
}

/// The profile of the person who deploys, who need not be the owner of the project.
async fn profile(service: &dyn UserService, caller: &Caller) -> Result<Profile, String> {
    if let Some(token) = &caller.provider_token {
        return service.profile(&SecretString::from(token.expose())).await.map_err(told);
    }
    let profile = service.profile_of(&caller.user_id).await.map_err(told)?;
    if profile.may_be_of(&caller.user_id) {
        Ok(profile)
    } else {
        Err("the User Service answers about somebody else".to_owned())
    }
}

async fn check_plan(
    service: &dyn UserService,
    required: &str,
    held: &PlanHeld,
) -> Result<(), ValidationError> {
    let unknown = |reason: String| ValidationError::Unknown { about: Question::Plan, reason };
    let plan = match held {
        PlanHeld::Unknown => {
            return Err(unknown("the User Service does not say which plan you have".to_owned()));
        }
        PlanHeld::None => return Err(Lacking::plan(required, held).into()),
        PlanHeld::Plan(plan) if plan.is(required) => return Ok(()),
        PlanHeld::Plan(plan) => plan,
    };
    let included = match service.plans().await {
        Ok(plans) => plans.include(plan, required),
        // It describes no plans, so only the well-known ones have an order.
        Err(UserServiceError::NotFound) => Plans::default().include(plan, required),
        Err(error) => return Err(unknown(told(error))),
    };
    match included {
        Some(true) => Ok(()),
        Some(false) => Err(Lacking::plan(required, held).into()),
        None => Err(unknown(format!(
            "the User Service does not say whether the plan '{}' includes the plan '{required}'",
            plan.label()
        ))),
    }
}

async fn check_purchase(
    service: &dyn UserService,
    requirement: &Requirement,
    profile: &Profile,
) -> Result<(), ValidationError> {
    let Some(products) = &profile.products else {
        let reason = "the User Service does not say what you have bought".to_owned();
        return Err(ValidationError::Unknown { about: Question::Purchase, reason });
    };
    let id = requirement.template_id.to_string();
    if products.iter().any(|product| product.is_template(&id, &requirement.slug)) {
        return Ok(());
    }
    // The price is only part of the message, so the answer does not depend on it.
    let product = service.template_product(requirement.template_id).await.ok().flatten();
    Err(requirement.lacks_purchase(product.and_then(|product| product.price)).into())
}

fn told(error: UserServiceError) -> String {
    error.to_string()
}
