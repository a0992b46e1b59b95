//! What the rules in force decide, and why, for administrators: on a page, over REST or on the console.

use domain::{
    access::{Action, Caller, Resource, may},
    api::{AllowRule, NearestRule, PolicyDecision, PolicySubject, RouteDecision, RouteVerdict, StoredRule},
};

use super::{METHODS, RuleError, Rules, SubjectQuery};
use crate::{
    authz::{Route, Verdict, problem},
    db::casbin_rules::{self, Rule},
};

/// The most rules of one page.
pub const MAX_RULES: u32 = 50;
/// The longest path; no server accepts longer ones.
const MAX_PATH: usize = 2048;

/// Whether a subject is allowed to send a request.
#[derive(Clone, Debug)]
pub struct Question {
    pub subject: SubjectQuery,
    pub method: String,
    /// Without the query.
    pub path: String,
}

/// Selects rows of the rules table.
#[derive(Clone, Debug, Default)]
pub struct RuleFilter {
    /// `p` or `g`.
    pub ptype: String,
    /// Text that one of the row's parts contains; empty selects all rows.
    pub text: String,
    /// Only rows after this id.
    pub after: Option<i32>,
}

impl Rules {
    pub async fn decide(&self, caller: &Caller, question: &Question) -> Result<PolicyDecision, RuleError> {
        allow(caller)?;
        let (path, method) = (path_of(&question.path)?, method_of(&question.method)?);
        let subject = self.subject(&question.subject).await?;
        // A HEAD request is allowed by the rules for GET.
        let asked = if method == "HEAD" { "GET" } else { method.as_str() };
        let explanation = self.in_force.explain(&names(&subject), &path, asked)?;
        let route = self.routes.as_ref().and_then(|routes| routes.pattern_of(&path));
        let methods = self.routes.iter().zip(route).flat_map(|(routes, route)| routes.methods_of(route));
        Ok(PolicyDecision {
            allowed: explanation.allowed,
            methods: methods.map(str::to_owned).collect(),
            route: route.map(str::to_owned),
            rule: explanation.rule.map(told),
            chain: explanation.chain,
            nearest: explanation
                .near
                .into_iter()
                .map(|near| NearestRule {
                    rule: told(near.rule),
                    is_for_subject: near.is_for_subject,
                    is_for_method: near.is_for_method,
                })
                .collect(),
            is_current: self.in_force.is_current(&self.core.pool).await?,
            subject,
            method,
            path,
        })
    }

    /// The verdict on every route of the API.
    pub async fn routes(
        &self,
        caller: &Caller,
        query: &SubjectQuery,
    ) -> Result<Vec<RouteDecision>, RuleError> {
        allow(caller)?;
        let subject = self.subject(query).await?;
        let Some(table) = &self.routes else { return Ok(Vec::new()) };
        let verdicts = self.in_force.verdicts(&names(&subject), table.routes())?;
        Ok(table.routes().iter().zip(verdicts).map(|(route, verdict)| of_route(route, verdict)).collect())
    }

    /// Rules in the order of creation, at most [`MAX_RULES`], and whether there are more.
    pub async fn page(
        &self,
        caller: &Caller,
        filter: &RuleFilter,
    ) -> Result<(Vec<StoredRule>, bool), RuleError> {
        allow(caller)?;
        let text = filter.text.trim();
        let after = filter.after.unwrap_or(0);
        let wanted = i64::from(MAX_RULES);
        let mut rows = casbin_rules::page(&self.core.pool, &filter.ptype, text, after, wanted + 1).await?;
        let has_more = rows.len() > MAX_RULES as usize;
        rows.truncate(MAX_RULES as usize);
        Ok((rows.into_iter().map(stored).collect(), has_more))
    }

    /// All subjects that rules name.
    pub fn subjects(&self, caller: &Caller) -> Result<Vec<String>, RuleError> {
        allow(caller)?;
        Ok(self.in_force.subjects()?)
    }
}

fn allow(caller: &Caller) -> Result<(), RuleError> {
    if may(caller, Resource::Rules, Action::Read) { Ok(()) } else { Err(RuleError::Forbidden) }
}

fn names(subject: &PolicySubject) -> Vec<&str> {
    subject.names.iter().map(String::as_str).collect()
}

fn path_of(path: &str) -> Result<String, RuleError> {
    let path = path.trim();
    let path = path.split(['?', '#']).next().unwrap_or_default();
    if !path.starts_with('/') || path.len() > MAX_PATH {
        let message = format!("a path begins with a slash and has up to {MAX_PATH} characters");
        return Err(RuleError::Invalid(message));
    }
    Ok(path.to_owned())
}

fn method_of(method: &str) -> Result<String, RuleError> {
    let method = method.trim().to_uppercase();
    if METHODS.contains(&method.as_str()) || method == "HEAD" {
        Ok(method)
    } else {
        Err(RuleError::Invalid(format!("the method is not one of {}, HEAD", METHODS.join(", "))))
    }
}

fn of_route(route: &Route, verdict: Verdict) -> RouteDecision {
    let (verdict, rule) = match verdict {
        Verdict::Allowed(rule) => (RouteVerdict::Allowed, Some(rule)),
        Verdict::Some(rule) => (RouteVerdict::SomePaths, Some(rule)),
        Verdict::Refused => (RouteVerdict::Refused, None),
    };
    RouteDecision {
        method: route.method.clone(),
        pattern: route.pattern.clone(),
        verdict,
        rule: rule.map(told),
    }
}

/// Converts a row that is an allow rule, which has three values.
fn told(rule: Rule) -> AllowRule {
    let mut values = rule.values.into_iter();
    let mut next = || values.next().unwrap_or_default();
    AllowRule { id: rule.id, ptype: rule.ptype, subject: next(), object: next(), action: next() }
}

fn stored(rule: Rule) -> StoredRule {
    let problem = problem(&rule).map(str::to_owned);
    StoredRule { id: rule.id, ptype: rule.ptype, values: rule.values, problem }
}
