//! The rules around REST, as operators read and change them. Their meaning is in [`crate::authz`].
//!
//! - here: changes to the rules
//! - `decisions`: what the rules decide, and why; `subjects`: who a question about the rules is about

mod decisions;
mod subjects;

use std::sync::Arc;

use anyhow::Context as _;
use domain::problem::{Problem, ProblemKind, UseCaseError};
use serde_json::json;

pub use decisions::{MAX_RULES, Question, RuleFilter};
pub use subjects::SubjectQuery;

use crate::{
    authz::{RestRules, RestRulesError, RouteTable, pattern_problem},
    db::{
        audit_log::{self, AuditEntry},
        casbin_rules::{self, Rule},
    },
    services::core::Core,
};

/// The column width that other rule sets use.
const MAX_VALUE: usize = 128;
const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/// One rule, or one membership.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NewRule {
    /// `subject` is allowed to request what the pattern matches, with this method.
    Allow { subject: String, pattern: String, method: String },
    /// `member` is allowed everything that `group` is allowed.
    Member { member: String, group: String },
}

#[derive(Debug, thiserror::Error)]
pub enum RuleError {
    #[error("{0}")]
    Invalid(String),
    #[error("only administrators may see the rules")]
    Forbidden,
    /// A provider's user who has never signed in here and has no token.
    #[error("this server does not know the role of the user `{0}`: choose one")]
    RoleUnknown(String),
    #[error("rule not found")]
    NotFound,
    #[error("this rule already exists")]
    Exists,
    #[error(transparent)]
    Policy(#[from] RestRulesError),
    #[error(transparent)]
    Internal(#[from] anyhow::Error),
}

impl UseCaseError for RuleError {
    fn problem(&self) -> Problem {
        match self {
            Self::Invalid(_) => Problem::new(ProblemKind::Declined, "invalid-query", self),
            Self::Forbidden => Problem::forbidden(),
            Self::RoleUnknown(_) => Problem::new(ProblemKind::RoleUnknown, "role-unknown", self),
            Self::NotFound => Problem::new(ProblemKind::NotFound, "not-found", self).missing("rule"),
            Self::Exists => Problem::conflict("rule-exists", self),
            Self::Policy(_) | Self::Internal(_) => Problem::internal(),
        }
    }
}

impl NewRule {
    fn ptype(&self) -> &'static str {
        match self {
            Self::Allow { .. } => "p",
            Self::Member { .. } => "g",
        }
    }

    fn values(&self) -> Vec<String> {
        match self {
            Self::Allow { subject, pattern, method } => {
                vec![subject.clone(), pattern.clone(), method.clone()]
            }
            Self::Member { member, group } => vec![member.clone(), group.clone()],
        }
    }

    fn check(&self) -> Result<(), RuleError> {
        let fits = |value: &String| {
            (1..=MAX_VALUE).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_graphic())
        };
        if !self.values().iter().all(fits) {
            let message = format!("each part has 1 to {MAX_VALUE} visible ASCII characters without spaces");
            return Err(RuleError::Invalid(message));
        }
        match self {
            Self::Allow { pattern, .. } if !pattern.starts_with('/') => {
                Err(RuleError::Invalid(format!("the path `{pattern}` must begin with a slash")))
            }
            Self::Allow { pattern, .. } if pattern_problem(pattern).is_some() => {
                let problem = pattern_problem(pattern).unwrap_or_default();
                Err(RuleError::Invalid(format!("the path `{pattern}` is invalid: {problem}")))
            }
            Self::Allow { method, .. } if !METHODS.contains(&method.as_str()) => {
                Err(RuleError::Invalid(format!("the method `{method}` is not one of {}", METHODS.join(", "))))
            }
            Self::Member { member, group } if member == group => {
                Err(RuleError::Invalid("a subject cannot be a member of itself".to_owned()))
            }
            _ => Ok(()),
        }
    }
}

#[derive(Clone, Debug)]
pub struct Rules {
    pub(super) core: Arc<Core>,
    pub(super) in_force: RestRules,
    /// The routes that the rules apply to. `None`: no REST API is served, as on the console.
    pub(super) routes: Option<Arc<RouteTable>>,
}

/// Changes by operators on the console, who need no role.
impl Rules {
    pub async fn list(&self) -> Result<Vec<Rule>, RuleError> {
        Ok(casbin_rules::list(&self.core.pool).await?)
    }

    /// Adds a rule. It takes effect on every server at once, unless reloading is switched off.
    pub async fn add(&self, rule: &NewRule) -> Result<(), RuleError> {
        rule.check()?;
        self.change("policy.rule_added", rule, true).await
    }

    pub async fn remove(&self, rule: &NewRule) -> Result<(), RuleError> {
        self.change("policy.rule_removed", rule, false).await
    }

    async fn change(&self, action: &'static str, rule: &NewRule, adds: bool) -> Result<(), RuleError> {
        let (ptype, values) = (rule.ptype(), rule.values());
        let mut transaction = self.core.pool.begin().await.context("beginning")?;
        let has_changed = if adds {
            casbin_rules::insert(&mut transaction, ptype, &values).await?
        } else {
            casbin_rules::delete(&mut transaction, ptype, &values).await?
        };
        if !has_changed {
            return Err(if adds { RuleError::Exists } else { RuleError::NotFound });
        }
        let details = json!({"type": ptype, "rule": values, "by": "console"});
        let entry = AuditEntry { details, ..self.core.context.audited(action) };
        audit_log::record(&mut transaction, entry).await?;
        transaction.commit().await.context("committing")?;
        Ok(())
    }
}
